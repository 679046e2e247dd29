package io.trainyard.training;

import static io.trainyard.problem.InvalidFieldException.required;

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
public record JobRequest(
        @Schema(example = "digits", requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) DatasetChoice dataset,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) NetworkRequest network,
        @Nullable TrainingSettings training,
        @Schema(defaultValue = "0") Integer priority,
        @Nullable Integer maxRuntimeSeconds,
        Map<String, String> labels) {

    public JobRequest {
        Names.check("model", required("model", model));
        required("dataset", dataset);
        required("network", network);
        if (training == null && network.preset() == null) {
            throw new InvalidFieldException("training", "is required; only a preset brings its own");
        }
        JobOptions options = JobOptions.of(priority, maxRuntimeSeconds, labels);
        priority = options.priority();
        labels = options.labels();
    }
}
