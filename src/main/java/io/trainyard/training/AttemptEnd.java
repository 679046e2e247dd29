package io.trainyard.training;

import java.util.Locale;

/** How an attempt of a job ends. */
enum AttemptEnd {
    /** The version, or the file of predictions, is published. */
    SUCCEEDED,
    /** The job has failed. */
    FAILED,
    /** Its user has cancelled it. */
    CANCELLED,
    /** Its user has paused it. */
    PAUSED,
    /** Its worker stops, and gives the job back to the queue. */
    GIVEN_BACK,
    /** Another attempt has begun, or the job has ended, and its work is dropped. */
    LEASE_LOST,
    /** Its end could not be written, since PostgreSQL was away. */
    INTERRUPTED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
