/**
 * The catalogue of errors that clients can meet, and the one place that turns exceptions into answers (RFC 9457).
 *
 * <p>Every other module throws {@link io.trainyard.problem.ProblemException}s of a documented
 * {@link io.trainyard.problem.ProblemType}; none writes an error response of its own.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Problem",
        allowedDependencies = {})
package io.trainyard.problem;
