package io.trainyard.training;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.trainyard.problem.Problems;
import org.slf4j.MDC;

/**
 * What is told of an attempt to whoever watches: while it is open, each line of this thread's log bears its ids and its span is
 * the current one; when it closes, how it ended is counted.
 */
final class Attempt implements AutoCloseable {

    private static final String JOB_ID = "job_id";
    private static final String ATTEMPT = "attempt";

    private final JobRow job;
    private final RunMeters meters;
    private final Span span;
    private final Scope scope;
    private AttemptEnd end = AttemptEnd.INTERRUPTED;

    /** To be closed by the thread that makes it. */
    @SuppressWarnings("MustBeClosedChecker") // the scope ends with this
    Attempt(Lease lease, JobRow job, Span span, RunMeters meters) {
        this.job = job;
        this.meters = meters;
        this.span = span;
        this.scope = span.makeCurrent();
        MDC.put(JOB_ID, lease.jobId().toString());
        MDC.put(ATTEMPT, String.valueOf(lease.attempt()));
        if (job.requestId != null) {
            MDC.put(Problems.REQUEST_ID, job.requestId);
        }
    }

    void ended(AttemptEnd how) {
        end = how;
    }

    void failed(String reason) {
        end = AttemptEnd.FAILED;
        span.setStatus(StatusCode.ERROR, reason);
    }

    @Override
    public void close() {
        meters.ended(job.kind, end);
        span.setAttribute("trainyard.job.outcome", end.toString());
        scope.close();
        span.end();
        MDC.remove(JOB_ID);
        MDC.remove(ATTEMPT);
        MDC.remove(Problems.REQUEST_ID);
    }
}
