package io.trainyard.training;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that was checked and can be accepted.
 *
 * @param summary of the network that is to be trained, as JSON
 * @param epochs passes over the data
 * @param held the version that must stay until the job has ended
 */
record Submission(
        JobKind kind,
        AcceptedSpec spec,
        @Nullable String summary,
        UUID datasetVersionId,
        int epochs,
        @Nullable HeldVersion held) {

    /** A version that a job uses. */
    record HeldVersion(String model, int version) {}
}
