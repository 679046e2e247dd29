package io.trainyard.platform;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses what a browser sends for a page of another site: forms of several parts, such as imports, go without being asked for
 * beforehand. Browsers say so themselves (https://www.w3.org/TR/fetch-metadata/); other clients send no such header.
 */
@Component
@Profile("api")
class CrossSiteFilter extends OncePerRequestFilter {

    private static final String HEADER = "Sec-Fetch-Site";
    private static final Set<String> OTHERS = Set.of("cross-site", "same-site");
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final HandlerExceptionResolver errors;

    CrossSiteFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String site = request.getHeader(HEADER);
        if (site != null && OTHERS.contains(site) && !READING.contains(request.getMethod())) {
            errors.resolveException(
                    request,
                    response,
                    null,
                    new ProblemException(
                            ProblemType.CROSS_SITE_REQUEST, "Pages of other sites may not change anything here."));
            return;
        }
        chain.doFilter(request, response);
    }
}
