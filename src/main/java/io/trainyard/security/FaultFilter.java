package io.trainyard.security;

import io.trainyard.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.dao.DataAccessException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers, as a controller's fault would be, what the filters of the chain find: a limit that is reached, a key that cannot be looked up. */
final class FaultFilter extends OncePerRequestFilter {

    private final FilterAnswers answers;

    FaultFilter(FilterAnswers answers) {
        this.answers = answers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (DataAccessException | ProblemException fault) {
            if (response.isCommitted() || !answers.answer(request, response, fault)) {
                throw fault;
            }
        }
    }
}
