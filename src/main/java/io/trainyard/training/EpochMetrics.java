package io.trainyard.training;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One point of the training and validation curves.
 *
 * @param epoch counted from 1
 * @param trainLoss null when it was not a number: the job has diverged
 * @param valLoss on the held-out split, after the epoch; null when the job has diverged
 * @param durationSeconds of fitting, without the evaluation
 */
record EpochMetrics(
        @Schema(example = "1") int epoch,
        @Schema(example = "0.42") @Nullable Double trainLoss,
        @Schema(example = "0.87") double trainAccuracy,
        @Schema(example = "0.21") @Nullable Double valLoss,
        @Schema(example = "0.94") @Nullable Double valAccuracy,
        @Schema(example = "0.01") double learningRate,
        double durationSeconds,
        double rowsPerSecond,
        Instant at) {

    static EpochMetrics of(EpochMetricsRow row) {
        return new EpochMetrics(
                row.epoch,
                Double.isFinite(row.trainLoss) ? row.trainLoss : null,
                row.trainAccuracy,
                row.valLoss,
                row.valAccuracy,
                row.learningRate,
                row.durationSeconds,
                row.rowsPerSecond,
                row.at);
    }
}
