package io.trainyard.training;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One point of the training and validation curves.
 *
 * @param epoch counted from 1
 * @param attempt of the job in which it was fitted
 * @param trainLoss null when it was not a number: the job has diverged
 * @param valLoss on the held-out split, after the epoch; null when the job has diverged
 * @param metrics those that the job asked for, such as {@code train_accuracy} and {@code val_accuracy}
 * @param learningRate of the epoch's last step
 * @param durationSeconds of fitting, without the evaluation
 * @param dataWaitSeconds of these, for which the network had nothing to do, since its next rows were not there yet; null
 *     for epochs of earlier releases
 */
@Schema(
        additionalProperties = Schema.AdditionalPropertiesValue.TRUE,
        description = "Beside the fields below, each metric of the job under its name, such as `val_accuracy`.")
public record EpochMetrics(
        @Schema(example = "1") int epoch,
        @Schema(example = "1") int attempt,
        @Schema(example = "0.42") @Nullable Double trainLoss,
        @Schema(example = "0.21") @Nullable Double valLoss,
        @Schema(hidden = true) @JsonAnyGetter Map<String, Double> metrics,
        @Schema(example = "0.01") double learningRate,
        double durationSeconds,
        double rowsPerSecond,

        @Schema(
                description = "Seconds of duration_seconds in which the network waited for its next rows.",
                example = "0.01")
        @Nullable
        Double dataWaitSeconds,

        Instant at) {

    /** Losses and metrics by their names in the curves. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>(metrics);
        if (trainLoss != null) {
            figures.put("train_loss", trainLoss);
        }
        if (valLoss != null) {
            figures.put("val_loss", valLoss);
        }
        return figures;
    }

    private static final TypeReference<Map<String, Double>> METRICS = new TypeReference<>() {};

    static EpochMetrics of(EpochMetricsRow row, JsonMapper json) {
        return new EpochMetrics(
                row.epoch,
                row.attempt,
                Double.isFinite(row.trainLoss) ? row.trainLoss : null,
                row.valLoss,
                json.readValue(row.metrics, METRICS),
                row.learningRate,
                row.durationSeconds,
                row.rowsPerSecond,
                row.dataWaitSeconds,
                row.at);
    }
}
