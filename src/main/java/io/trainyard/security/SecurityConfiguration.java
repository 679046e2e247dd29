package io.trainyard.security;

import io.trainyard.access.Actor;
import io.trainyard.access.CurrentActor;
import io.trainyard.audit.AuditTrail;
import java.util.List;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The one chain that every request goes through. */
@Configuration(proxyBeanMethods = false)
@Profile("api")
class SecurityConfiguration implements WebMvcConfigurer {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Actor.class);
    }

    private final OwnershipGuard guard;

    SecurityConfiguration(OwnershipGuard guard) {
        this.guard = guard;
    }

    /** A span and three meters for each filter of each request tell nobody anything, and take time. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityFilterChain securityFilterChain(
            HttpSecurity http,
            SecurityProperties properties,
            BearerCredentials bearer,
            Sessions sessions,
            Refusals refusals,
            AuditTrail trail,
            Limits limits,
            FilterAnswers answers) {
        http.sessionManagement(
                        sessionManagement -> sessionManagement.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(AnswerHeaders::write)
                .csrf(csrf -> csrf.csrfTokenRepository(new SessionCsrfTokens())
                        .csrfTokenRequestHandler(new SessionCsrfRequests())
                        .requireCsrfProtectionMatcher(SessionFilter::changesSomething))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .authorizeHttpRequests(OperationRules::write)
                .addFilterAfter(new AuditFilter(trail, limits), SecurityContextHolderFilter.class)
                // What is answered here is written down there.
                .addFilterAfter(new FaultFilter(answers), AuditFilter.class)
                .addFilterBefore(new OriginFilter(answers), BearerTokenAuthenticationFilter.class);
        if (properties.isRequired()) {
            http.oauth2ResourceServer(server -> server.authenticationManagerResolver(request -> bearer)
                            .authenticationEntryPoint(refusals))
                    .addFilterBefore(new SessionFilter(sessions, limits), CsrfFilter.class)
                    .addFilterBefore(new FailureFilter(limits, bearer), BearerTokenAuthenticationFilter.class)
                    .addFilterBefore(new RateFilter(limits), AuthorizationFilter.class)
                    .anonymous(Customizer.withDefaults());
        } else {
            http.addFilterBefore(new LocalActorFilter(), AuthorizationFilter.class);
        }
        return http.build();
    }

    @Bean
    CurrentActor currentActor() {
        return ActorArgument::current;
    }

    @Bean
    HttpFirewall httpFirewall(SecurityProperties properties) {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHostnames(new AllowedHosts(properties));
        // The rules refuse what they do not name, and the operations answer 405.
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(guard);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new ActorArgument());
    }
}
