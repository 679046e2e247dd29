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
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** No key takes more than its share of the service. */
final class RateFilter extends OncePerRequestFilter {

    private final Limits limits;
    private final HandlerExceptionResolver errors;

    RateFilter(Limits limits, HandlerExceptionResolver errors) {
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Duration> wait =
                SecurityContextHolder.getContext().getAuthentication() instanceof ActorAuthentication known
                        ? limits.request(known.getPrincipal())
                        : Optional.empty();
        if (wait.isPresent()) {
            errors.resolveException(
                    request,
                    response,
                    null,
                    new ProblemException(
                            ProblemType.RATE_LIMITED,
                            "The key or token sends more requests than it may; its admin can allow it more.",
                            List.of(),
                            wait.get(),
                            null));
            return;
        }
        chain.doFilter(request, response);
    }
}
