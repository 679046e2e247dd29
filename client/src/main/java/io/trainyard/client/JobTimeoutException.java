package io.trainyard.client;

import java.time.Duration;

/** That a job has not ended in the time that one wanted to wait for it; it goes on. */
public final class JobTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Job job;

    JobTimeoutException(Job job, Duration waited) {
        super("job " + job.id() + " is still " + job.status() + " after " + waited);
        this.job = job;
    }

    /** As it was last seen. */
    public Job job() {
        return job;
    }
}
