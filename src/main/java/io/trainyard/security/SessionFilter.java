package io.trainyard.security;

import io.trainyard.access.Actor;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/** Recognises a browser by its session's cookie, where the request bears nothing stronger. */
final class SessionFilter extends OncePerRequestFilter {

    private static final String FOUND = SessionFilter.class.getName();
    /** From a page that was shown before the session began; other sites' pages are refused by their origin. */
    private static final RequestMatcher LOGIN =
            PathPatternRequestMatcher.withDefaults().matcher("/login");

    private final Sessions sessions;
    private final Limits limits;

    SessionFilter(Sessions sessions, Limits limits) {
        this.sessions = sessions;
        this.limits = limits;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String cookie = SessionCookie.of(request);
        if (cookie != null && request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
            if (!sessions.isKnown(cookie)) {
                limits.checkFailures(request.getRemoteAddr());
            }
            Optional<Actor> actor = sessions.find(cookie);
            if (actor.isPresent()) {
                request.setAttribute(FOUND, cookie);
                SecurityContextHolder.setContext(new SecurityContextImpl(new ActorAuthentication(actor.get())));
            } else {
                limits.failure(request.getRemoteAddr());
                SessionCookie.end(request, response);
            }
        }
        chain.doFilter(request, response);
    }

    /** The session by whose cookie a request was recognised; null when it was not by one. */
    static @Nullable String token(HttpServletRequest request) {
        return (String) request.getAttribute(FOUND);
    }

    /** Browsers send cookies unasked, so what changes something must show that it comes from the session's own page. */
    static boolean changesSomething(HttpServletRequest request) {
        return token(request) != null && !SafeMethods.has(request) && !LOGIN.matches(request);
    }
}
