package io.trainyard.client;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An epoch that is over.
 *
 * @param dataWaitSeconds how long training waited for rows
 * @param metrics the others, by name, such as {@code val_accuracy}
 */
public record EpochMetrics(
        int epoch,
        int attempt,
        @Nullable Double trainLoss,
        @Nullable Double valLoss,
        double learningRate,
        double durationSeconds,
        double rowsPerSecond,
        @Nullable Double dataWaitSeconds,
        Instant at,
        @JsonAnySetter Map<String, Double> metrics) {}
