package io.trainyard.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Turns every exception that leaves a controller into an RFC 9457 answer. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
@Profile("api")
class ProblemHandler {

    private final Problems problems;

    ProblemHandler(Problems problems) {
        this.problems = problems;
    }

    /** The client has gone, or was given up: there is nobody to answer, and nothing for the log. */
    @ExceptionHandler({AsyncRequestNotUsableException.class, ClientAbortException.class})
    void clientGone() {}

    @ExceptionHandler(Exception.class)
    ResponseEntity<ProblemDetail> answer(Exception exception, HttpServletRequest request) {
        ProblemException problem = problems.of(exception, request);
        ProblemType type = problem.type();
        ProblemDetail body = ProblemDetail.forStatusAndDetail(type.status(), problem.detail());
        body.setType(type.uri());
        body.setTitle(type.title());
        body.setInstance(URI.create(Problems.address(request)));
        if (!problem.errors().isEmpty()) {
            body.setProperty("errors", problem.errors());
        }
        HttpHeaders headers = new HttpHeaders();
        if (exception instanceof ErrorResponse framework) {
            // Such as Allow.
            headers.putAll(framework.getHeaders());
        }
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        @Nullable Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        return new ResponseEntity<>(body, headers, type.status());
    }
}
