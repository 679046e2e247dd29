package io.trainyard.security;

import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.problem.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Whatever an operation's address names must be the caller's, before any of the operation runs. An address with a name whose
 * kind is not known here is nobody's.
 */
@Component
@Profile("api")
class OwnershipGuard implements HandlerInterceptor {

    /** Beginnings of addresses, up to the name of what they are about. */
    private static final Map<String, Kind> KINDS = Map.of(
            "/api/v1/jobs/{id}", Kind.JOB,
            "/api/v1/batch-predictions/{id}", Kind.JOB,
            "/jobs/{id}", Kind.JOB,
            "/api/v1/models/{name}", Kind.MODEL,
            "/models/{name}", Kind.MODEL,
            "/v1/models/{model}", Kind.MODEL,
            "/v2/models/{model}", Kind.MODEL,
            "/api/v1/datasets/{name}", Kind.DATASET,
            "/datasets/{name}", Kind.DATASET);

    /** What has no owner: each is for one role, or for all. */
    private static final Set<String> OWNERLESS =
            Set.of("/problems/{slug}", "/api/v1/keys/{id}", "/v3/api-docs/{group}", "/swagger-ui/{index}");

    private static final Set<String> READING = Set.of("GET", "HEAD");
    /** By which a name that is not taken yet becomes the caller's. */
    private static final Set<String> NAMING =
            Set.of("/api/v1/models/{name}/versions", "/api/v1/datasets/{name}/versions");

    private final Access access;

    OwnershipGuard(Access access) {
        this.access = access;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod) || request.getDispatcherType() != DispatcherType.REQUEST) {
            // A file, or what goes on that was let begin.
            return true;
        }
        String pattern = String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
        int end = pattern.indexOf('}') + 1;
        if (end == 0 || OWNERLESS.contains(pattern)) {
            return true;
        }
        String beginning = pattern.substring(0, end);
        Kind kind = KINDS.get(beginning);
        if (kind == null) {
            throw new IllegalStateException("whose is what " + pattern + " names?");
        }
        check(request, pattern, kind, named(request, beginning));
        return true;
    }

    private void check(HttpServletRequest request, String pattern, Kind kind, String id) {
        Actor actor = ActorArgument.current();
        if (READING.contains(request.getMethod()) || pattern.startsWith("/v")) {
            access.checkRead(actor, kind, id);
        } else if (!NAMING.contains(pattern)) {
            access.checkChange(actor, kind, id);
        } else if (access.isTaken(actor, kind, id)) {
            throw ProblemException.nameTaken(kind, id);
        }
    }

    private static String named(HttpServletRequest request, String beginning) {
        Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        String variable = beginning.substring(beginning.indexOf('{') + 1, beginning.length() - 1);
        @Nullable Object value = variables instanceof Map<?, ?> all ? all.get(variable) : null;
        return String.valueOf(value);
    }
}
