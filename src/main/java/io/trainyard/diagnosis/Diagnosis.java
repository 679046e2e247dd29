package io.trainyard.diagnosis;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;

/**
 * What a job's curves show.
 *
 * @param epochs that have been looked at
 * @param findings the most serious one first; none where there is no curve
 */
public record Diagnosis(
        UUID jobId,
        @Schema(example = "10") int epochs,

        @Schema(
                description = "One sentence.",
                example = "After 10 epochs – overfitting: the validation loss climbs while the training loss falls.")
        String summary,

        List<Finding> findings) {}
