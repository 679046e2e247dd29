package io.trainyard.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Where a job is. */
public enum JobStatus {
    QUEUED,
    RUNNING,
    PAUSING,
    PAUSED,
    CANCELLING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    /** One that only a newer service knows. */
    @JsonEnumDefaultValue
    UNKNOWN;

    /** Whether it is final. */
    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
}
