package io.trainyard.security;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Counts the bad keys of each address, and looks at no more of them when there were too many. Keys that are known to be good are
 * let in from there all the same: others may share the address.
 */
final class FailureFilter extends OncePerRequestFilter {

    private final Limits limits;
    private final BearerCredentials bearer;
    private final HandlerExceptionResolver errors;

    FailureFilter(Limits limits, BearerCredentials bearer, HandlerExceptionResolver errors) {
        this.limits = limits;
        this.bearer = bearer;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null && !isLogin(request)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Duration> wait = limits.blocked(request.getRemoteAddr());
        if (wait.isPresent() && (header == null || !bearer.isKnown(header))) {
            errors.resolveException(
                    request,
                    response,
                    null,
                    new ProblemException(
                            ProblemType.TOO_MANY_FAILURES,
                            "Too many bad keys or tokens came from " + request.getRemoteAddr() + ".",
                            List.of(),
                            wait.get(),
                            null));
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpStatus.UNAUTHORIZED.value()) {
            limits.failure(request.getRemoteAddr());
        }
    }

    private static boolean isLogin(HttpServletRequest request) {
        return request.getMethod().equals("POST")
                && request.getRequestURI().equals(request.getContextPath() + "/login");
    }
}
