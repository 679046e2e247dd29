package io.trainyard.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;

/** Has a filter's refusals answered as a controller's would be: in JSON, or for people as a page. */
@Component
@Profile("api")
class FilterAnswers {

    private final List<HandlerExceptionResolver> errors;
    private final ViewResolver views;

    FilterAnswers(List<HandlerExceptionResolver> errors, @Qualifier("thymeleafViewResolver") ViewResolver views) {
        this.errors = errors;
        this.views = views;
    }

    /** Returns whether it is answered. */
    boolean answer(HttpServletRequest request, HttpServletResponse response, Exception problem)
            throws ServletException, IOException {
        ModelAndView page = errors.stream()
                .map(resolver -> resolver.resolveException(request, response, null, problem))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (page == null || page.isEmpty()) {
            return page != null;
        }
        if (page.getStatus() != null) {
            response.setStatus(page.getStatus().value());
        }
        try {
            View view = views.resolveViewName(Objects.requireNonNull(page.getViewName()), request.getLocale());
            Objects.requireNonNull(view).render(page.getModel(), request, response);
            return true;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
