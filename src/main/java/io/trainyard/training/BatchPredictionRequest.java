package io.trainyard.training;

import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.dataset.Split;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client posts to have every row of a split predicted.
 *
 * @param version the one that is meant when the job is accepted
 * @param priority jobs with a higher one are run first
 * @param maxRuntimeSeconds after which an attempt is ended as failed; none by default
 * @param labels the client's own, to find the job by
 */
record BatchPredictionRequest(
        @Schema(example = "digits", requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        VersionChoice version,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) DatasetChoice dataset,
        @Schema(defaultValue = "test") Split split,
        @Schema(defaultValue = "csv") PredictionFormat format,
        @Schema(defaultValue = "0") Integer priority,
        @Nullable Integer maxRuntimeSeconds,
        Map<String, String> labels) {

    BatchPredictionRequest {
        Names.check("model", required("model", model));
        version = requireNonNullElse(version, VersionChoice.LATEST);
        required("dataset", dataset);
        split = requireNonNullElse(split, Split.TEST);
        format = requireNonNullElse(format, PredictionFormat.CSV);
        JobOptions options = JobOptions.of(priority, maxRuntimeSeconds, labels);
        priority = options.priority();
        labels = options.labels();
    }
}
