package io.trainyard.security;

import io.trainyard.access.Actor;
import io.trainyard.audit.AuditEvent.Outcome;
import io.trainyard.audit.AuditTrail;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Writes down what was changed and what was refused, once it is known what became of it. What PostgreSQL cannot take at that
 * time goes to the log.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(AuditFilter.class);
    private static final Set<Integer> REFUSED = Set.of(401, 403, 404, 429);
    private static final Set<Integer> REFUSED_READING = Set.of(401, 403);

    /** They change nothing, and are many; so is the dry run. */
    private static final RequestMatcher ASKING =
            new OrRequestMatcher(Stream.of("/predict", "/v1/models/**", "/v2/models/**", "/api/v1/jobs/validate")
                    .map(pattern -> PathPatternRequestMatcher.withDefaults().matcher(pattern))
                    .toArray(RequestMatcher[]::new));

    private final AuditTrail trail;
    private final Limits limits;

    AuditFilter(AuditTrail trail, Limits limits) {
        this.trail = trail;
        this.limits = limits;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean ended = false;
        try {
            chain.doFilter(request, response);
            ended = true;
        } finally {
            int status = ended ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            if (isWrittenDown(request, status)) {
                write(entry(request, response, status));
            }
        }
    }

    private boolean isWrittenDown(HttpServletRequest request, int status) {
        boolean wanted = !isAsking(request) || REFUSED_READING.contains(status);
        // Nobody known fills the table.
        return wanted && (actor() != null || limits.mayBeWrittenDown(request.getRemoteAddr()));
    }

    private static boolean isAsking(HttpServletRequest request) {
        return SafeMethods.has(request) || ASKING.matches(request);
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    private static AuditTrail.Entry entry(HttpServletRequest request, HttpServletResponse response, int status) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String path = path(request);
        String made = status < 400 ? response.getHeader(HttpHeaders.LOCATION) : null;
        return new AuditTrail.Entry(
                actor(),
                String.valueOf(request.getRemoteAddr()),
                request.getMethod() + " " + (pattern == null ? path : pattern),
                made == null ? path : made,
                status < 400 ? Outcome.DONE : REFUSED.contains(status) ? Outcome.REFUSED : Outcome.FAILED,
                status,
                StringUtils.defaultString(response.getHeader("X-Request-Id")));
    }

    private static @Nullable Actor actor() {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        return known instanceof ActorAuthentication authentication ? authentication.getPrincipal() : null;
    }

    private void write(AuditTrail.Entry entry) {
        try {
            trail.add(entry);
        } catch (DataAccessException away) {
            log.warn("not in the audit table, for want of PostgreSQL: {}", entry, away);
        }
    }
}
