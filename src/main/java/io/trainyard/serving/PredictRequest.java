package io.trainyard.serving;

import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.Instance;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What a client asks.
 *
 * @param instances raw rows: arrays, flat or nested, or objects by column name
 * @param topK how many of the most probable classes to name for each instance; none by default
 * @param timeoutMs after which the request is given up, and not run if it still waits
 */
record PredictRequest(
        @Schema(example = "digits", requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        VersionChoice version,

        @ArraySchema(
                arraySchema = @Schema(requiredMode = Schema.RequiredMode.REQUIRED),
                schema = @Schema(implementation = Object.class))
        @JsonDeserialize(using = InstancesDeserializer.class)
        List<Instance> instances,

        @Schema(example = "3") @Nullable Integer topK,
        @Schema(example = "1000") @Nullable Integer timeoutMs) {

    PredictRequest {
        required("model", model);
        version = requireNonNullElse(version, VersionChoice.LATEST);
        required("instances", instances);
        if (instances.isEmpty()) {
            throw new InvalidFieldException("instances", "must hold at least one instance");
        }
        Question.check(topK, timeoutMs);
    }

    Question question() {
        return new Question(model, version, topK, timeoutMs);
    }
}
