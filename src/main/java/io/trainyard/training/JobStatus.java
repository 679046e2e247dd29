package io.trainyard.training;

import java.util.Set;

/** The states of a job. Terminal ones are final. */
public enum JobStatus {
    /** Waits for a worker. */
    QUEUED,
    /** A worker has its lease. */
    RUNNING,
    /** The user has paused; the worker has yet to write a checkpoint and stop. */
    PAUSING,
    /** Waits until its user resumes it. */
    PAUSED,
    /** The user has cancelled; the worker has yet to stop. */
    CANCELLING,
    /** Its model version is published. */
    SUCCEEDED,
    /** It ended without a version; the reason says why. */
    FAILED,
    /** The user has cancelled it. */
    CANCELLED;

    /** The states that may follow. A running job goes back to QUEUED when its worker is lost or stopped. */
    Set<JobStatus> successors() {
        return switch (this) {
            case QUEUED -> Set.of(RUNNING, PAUSED, CANCELLED);
            case RUNNING -> Set.of(QUEUED, PAUSING, CANCELLING, SUCCEEDED, FAILED);
            case PAUSING -> Set.of(RUNNING, PAUSED, CANCELLING, SUCCEEDED, FAILED);
            case PAUSED -> Set.of(QUEUED, CANCELLED);
            case CANCELLING -> Set.of(SUCCEEDED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> Set.of();
        };
    }

    /** Whether the job has ended. */
    public boolean isTerminal() {
        return successors().isEmpty();
    }
}
