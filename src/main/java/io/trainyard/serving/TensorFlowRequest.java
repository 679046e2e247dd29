package io.trainyard.serving;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.Instance;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A request of TensorFlow Serving's REST API. A model has one input, so that rows and columns of tensors, {@code instances}
 * and {@code inputs}, have the same form: a list of rows.
 *
 * @param signatureName {@code serving_default}, the only one
 * @param instances rows: arrays, flat or nested, or objects by column name
 * @param inputs likewise
 */
record TensorFlowRequest(
        @Schema(example = "serving_default") @Nullable String signatureName,

        @ArraySchema(schema = @Schema(implementation = Object.class))
        @JsonDeserialize(using = InstancesDeserializer.class)
        @Nullable
        List<Instance> instances,

        @ArraySchema(schema = @Schema(implementation = Object.class))
        @JsonDeserialize(using = InstancesDeserializer.class)
        @Nullable
        List<Instance> inputs) {

    private static final String SIGNATURE = "serving_default";

    TensorFlowRequest {
        if (signatureName != null && !signatureName.equals(SIGNATURE)) {
            throw new InvalidFieldException(
                    "signature_name", "must be '" + SIGNATURE + "', was '" + signatureName + "'");
        }
        if ((instances == null) == (inputs == null)) {
            throw new InvalidFieldException("instances", "or 'inputs' is required, and not both");
        }
        List<Instance> rows = instances == null ? inputs : instances;
        if (rows == null || rows.isEmpty()) {
            throw new InvalidFieldException(instances == null ? "inputs" : "instances", "must hold at least one row");
        }
    }

    List<Instance> rows() {
        return Objects.requireNonNull(instances == null ? inputs : instances);
    }
}
