package io.trainyard.training;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.dataset.Split;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch prediction as it was accepted.
 *
 * @param version the one that predicts, whatever an alias points at later
 * @param rows in the split
 */
public record BatchPredictionSpec(
        @Schema(example = "digits") String model,
        @Schema(example = "1") int version,
        DatasetChoice.Versioned dataset,
        Split split,
        PredictionFormat format,
        @Schema(example = "360") int rows,
        int priority,
        @Nullable Integer maxRuntimeSeconds,
        Map<String, String> labels)
        implements AcceptedSpec {}
