package io.trainyard.security;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what a browser sends for a page of another site. Browsers say so themselves, by Origin (RFC 6454) and by Sec-Fetch-Site
 * (https://www.w3.org/TR/fetch-metadata/); other clients send neither.
 */
final class OriginFilter extends OncePerRequestFilter {

    private static final String SITE = "Sec-Fetch-Site";
    private static final Set<String> OTHERS = Set.of("cross-site", "same-site");
    private static final Set<String> DEFAULT_PORTS = Set.of("http:80", "https:443");

    private final FilterAnswers answers;

    OriginFilter(FilterAnswers answers) {
        this.answers = answers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader(SITE);
        boolean foreign = origin != null
                ? !origin.equalsIgnoreCase(own(request))
                : site != null && OTHERS.contains(site) && !SafeMethods.has(request);
        if (foreign) {
            answers.answer(
                    request,
                    response,
                    new ProblemException(
                            ProblemType.CROSS_SITE_REQUEST,
                            "Pages of other sites may not use this service from a browser; this one came "
                                    + sender(origin) + "."));
            return;
        }
        chain.doFilter(request, response);
    }

    private static String sender(@Nullable String origin) {
        return origin == null ? "from another site" : "with the origin " + origin;
    }

    private static String own(HttpServletRequest request) {
        String scheme = request.getScheme().toLowerCase(Locale.ROOT);
        String port = String.valueOf(request.getServerPort());
        String host = request.getServerName();
        return scheme + "://" + host + (DEFAULT_PORTS.contains(scheme + ":" + port) ? "" : ":" + port);
    }
}
