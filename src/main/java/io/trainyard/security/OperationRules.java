package io.trainyard.security;

import static io.trainyard.access.Role.ADMIN;
import static io.trainyard.access.Role.PREDICTOR;
import static io.trainyard.access.Role.PUBLISHER;
import static io.trainyard.access.Role.TRAINER;
import static io.trainyard.access.Role.VIEWER;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.trainyard.access.Actor;
import io.trainyard.access.Role;
import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** What each operation asks of who calls it. The first rule that fits decides; what none fits is denied to all but admins. */
final class OperationRules {

    private OperationRules() {}

    static void write(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry operations) {
        operations
                // The request that began it was allowed.
                .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                .permitAll()
                // Open to all: whether it lives, and how to log in.
                .requestMatchers(reading("/actuator/health/liveness", "/actuator/health/readiness"))
                .permitAll()
                .requestMatchers(reading("/v2/health/live", "/v2/health/ready"))
                .permitAll()
                .requestMatchers("/login")
                .permitAll()
                .requestMatchers(reading("/page/**", "/webjars/**", "/favicon.ico"))
                .permitAll()
                // What the service is.
                .requestMatchers(reading(
                        "/problems/**", "/swagger-ui.html", "/swagger-ui/**", "/v3/api-docs/**", "/v3/api-docs.yaml"))
                .access(role(VIEWER, PREDICTOR))
                .requestMatchers(reading(
                        "/api/v1/presets",
                        "/api/v1/devices",
                        "/v2",
                        "/actuator/health",
                        "/actuator/health/*",
                        "/actuator/info"))
                .access(role(VIEWER, PREDICTOR))
                .requestMatchers(POST, "/logout")
                .access(role(VIEWER, PREDICTOR))
                .requestMatchers(reading("/actuator/prometheus"))
                .access(ofAllOwners(VIEWER))
                // Predicting
                .requestMatchers(POST, "/predict", "/v2/models/**", "/v1/models/**")
                .access(role(PREDICTOR))
                .requestMatchers(reading("/v2/models/**", "/v1/models/**"))
                .access(role(VIEWER, PREDICTOR))
                // Models, as their callers see them
                .requestMatchers(
                        reading("/api/v1/models/*/versions/*/artifact", "/api/v1/models/*/versions/*/evaluation"))
                .access(role(VIEWER))
                .requestMatchers(reading("/api/v1/models/*/aliases/*/rollout/disagreements"))
                .access(role(VIEWER))
                .requestMatchers(reading("/api/v1/models/*/aliases/*/rollouts/*/disagreements"))
                .access(role(VIEWER))
                .requestMatchers(reading("/api/v1/models/**"))
                .access(role(VIEWER, PREDICTOR))
                // Models, as they are made to serve
                .requestMatchers(PUT, "/api/v1/models/**")
                .access(role(PUBLISHER))
                .requestMatchers(POST, "/api/v1/models/**")
                .access(role(PUBLISHER))
                .requestMatchers(PATCH, "/api/v1/models/**")
                .access(role(PUBLISHER))
                .requestMatchers(DELETE, "/api/v1/models/**")
                .access(role(PUBLISHER))
                // Training
                .requestMatchers(reading("/api/v1/jobs/**", "/api/v1/batch-predictions/**", "/api/v1/datasets/**"))
                .access(role(VIEWER))
                .requestMatchers(reading("/api/v1/workers", "/api/v1/serving"))
                .access(role(VIEWER))
                .requestMatchers(POST, "/api/v1/jobs/**", "/api/v1/batch-predictions/**", "/api/v1/datasets/**")
                .access(role(TRAINER))
                .requestMatchers(DELETE, "/api/v1/batch-predictions/**", "/api/v1/datasets/**")
                .access(role(TRAINER))
                // Administration
                .requestMatchers("/api/v1/keys/**", "/api/v1/admin/**", "/keys", "/audit")
                .access(role(ADMIN))
                .requestMatchers(reading("/api/v1/audit", "/api/v1/workers/log"))
                .access(role(ADMIN))
                // Pages
                .requestMatchers(reading("/", "/jobs/**", "/models/**", "/datasets/**", "/try", "/workers"))
                .access(role(VIEWER))
                // What is not there, and what no rule names.
                .anyRequest()
                .access(role(ADMIN));
    }

    /** GET, and HEAD with it. */
    private static RequestMatcher[] reading(String... patterns) {
        return Arrays.stream(patterns)
                .flatMap(pattern -> Stream.of(GET, HEAD)
                        .map(method -> PathPatternRequestMatcher.withDefaults().matcher(method, pattern)))
                .toArray(RequestMatcher[]::new);
    }

    /** Any of these roles does. */
    private static AuthorizationManager<RequestAuthorizationContext> role(Role... roles) {
        return where(actor -> Arrays.stream(roles).anyMatch(actor::may), Arrays.asList(roles), "");
    }

    /** For what tells of everybody's things. */
    private static AuthorizationManager<RequestAuthorizationContext> ofAllOwners(Role role) {
        return where(
                actor -> actor.may(role) && actor.allOwners(),
                List.of(role),
                " of all owners, since it tells of everybody's things");
    }

    private static AuthorizationManager<RequestAuthorizationContext> where(
            Predicate<Actor> allows, List<Role> roles, String besides) {
        String wanted = roles.stream().map(Role::toString).collect(Collectors.joining(" or ")) + besides;
        return (authentication, context) ->
                authentication.get() instanceof ActorAuthentication known && allows.test(known.getPrincipal())
                        ? new AuthorizationDecision(true)
                        : new Refusal(wanted);
    }

    /** Says what would be allowed. */
    static final class Refusal extends AuthorizationDecision {

        private final transient String wanted;

        Refusal(String wanted) {
            super(false);
            this.wanted = wanted;
        }

        String wanted() {
            return wanted;
        }
    }
}
