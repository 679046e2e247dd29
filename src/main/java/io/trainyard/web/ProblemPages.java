package io.trainyard.web;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Tells people in words what the API's clients are told in JSON: where a page was asked for, or nothing that is known. */
@Component
@Profile("api")
class ProblemPages implements HandlerExceptionResolver, Ordered {

    private static final String API = "/api/";

    private final Problems problems;

    ProblemPages(Problems problems) {
        this.problems = problems;
    }

    /** Before the resolvers that answer in JSON. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception exception) {
        if (!isForPeople(request, handler)) {
            return null;
        }
        ProblemException problem = problems.of(exception, request);
        ModelAndView page = new ModelAndView("problem", Map.of("problem", problem));
        page.setStatus(problem.type().status());
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        return page;
    }

    private static boolean isForPeople(HttpServletRequest request, @Nullable Object handler) {
        if (Fragments.wanted(request)) {
            // A script has asked, which tells problems itself.
            return false;
        }
        if (handler instanceof HandlerMethod method && !ErrorController.class.isAssignableFrom(method.getBeanType())) {
            return method.getBeanType().getPackageName().equals(ProblemPages.class.getPackageName());
        }
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return accepted != null
                && accepted.contains(MediaType.TEXT_HTML_VALUE)
                && !Problems.address(request).startsWith(request.getContextPath() + API);
    }
}
