package io.trainyard.training;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.NetworkRequest;
import io.trainyard.network.TrainingSettings;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client posts to have a network trained.
 *
 * @param model the name under which the trained network is published
 * @param training where the network is a preset, what is left out is the preset's
 * @param priority jobs with a higher one are run first
 * @param maxRuntimeSeconds after which an attempt is ended as failed; none by default
 * @param labels the client's own, to find the job by
 */
record JobRequest(
        @Schema(example = "digits", requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) DatasetChoice dataset,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) NetworkRequest network,
        @Nullable TrainingSettings training,
        @Schema(defaultValue = "0") Integer priority,
        @Nullable Integer maxRuntimeSeconds,
        Map<String, String> labels) {

    private static final int MAX_PRIORITY = 1000;
    private static final int MAX_LABELS = 32;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final int ONE_YEAR = 365 * 24 * 3600;

    JobRequest {
        Names.check("model", required("model", model));
        required("dataset", dataset);
        required("network", network);
        if (training == null && network.preset() == null) {
            throw new InvalidFieldException("training", "is required; only a preset brings its own");
        }
        priority = inRange("priority", priority, 0, -MAX_PRIORITY, MAX_PRIORITY);
        if (maxRuntimeSeconds != null) {
            inRange("max_runtime_seconds", maxRuntimeSeconds, 1, 1, ONE_YEAR);
        }
        labels = requireNonNullElse(labels, Map.of());
        checkLabels(labels);
        labels = Map.copyOf(labels);
    }

    private static void checkLabels(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            throw new InvalidFieldException("labels", "must hold at most " + MAX_LABELS + ", was " + labels.size());
        }
        labels.forEach((key, value) -> {
            if (value == null) {
                throw new InvalidFieldException("labels", "must not hold null");
            }
            if (key.isEmpty() || key.length() > MAX_LABEL_LENGTH || value.length() > MAX_LABEL_LENGTH) {
                throw new InvalidFieldException(
                        "labels", "keys and values must have at most " + MAX_LABEL_LENGTH + " characters");
            }
            if (key.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new InvalidFieldException("labels", "must not hold the character U+0000");
            }
        });
    }
}
