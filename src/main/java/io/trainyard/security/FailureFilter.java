package io.trainyard.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts the bad keys of each address, and looks at no more of them when there were too many. Keys that are known to be good are
 * let in from there all the same: others may share the address.
 */
final class FailureFilter extends OncePerRequestFilter {

    private static final RequestMatcher LOGIN =
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/login");

    private final Limits limits;
    private final BearerCredentials bearer;

    FailureFilter(Limits limits, BearerCredentials bearer) {
        this.limits = limits;
        this.bearer = bearer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null && !LOGIN.matches(request)) {
            chain.doFilter(request, response);
            return;
        }
        if (header == null || bearer.mayBeGuessed(header)) {
            limits.checkFailures(request.getRemoteAddr());
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpStatus.UNAUTHORIZED.value()) {
            limits.failure(request.getRemoteAddr());
        }
    }
}
