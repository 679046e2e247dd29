package io.trainyard.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** That the service refused a request, or failed at it. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final @Nullable Duration retryAfter;
    private final @Nullable String requestId;

    ProblemException(Problem problem, @Nullable Duration retryAfter, @Nullable String requestId) {
        super(problem.status() + " " + problem.title() + (problem.detail() == null ? "" : ": " + problem.detail()));
        this.problem = problem;
        this.retryAfter = retryAfter;
        this.requestId = requestId;
    }

    public Problem problem() {
        return problem;
    }

    /** The HTTP status. */
    public int status() {
        return problem.status();
    }

    /** Which kind of error it is, such as {@code /problems/invalid-network}. */
    public String type() {
        return problem.type();
    }

    /** The fields at fault. */
    public List<Problem.FieldError> errors() {
        return problem.errors() == null ? List.of() : problem.errors();
    }

    /** How long to wait before it is tried again, where the service says so: a queue is full, or a limit reached. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** By which the service's operator finds the request in the log. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }
}
