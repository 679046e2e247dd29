package io.trainyard.serving;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inference response of the Open Inference Protocol.
 *
 * @param modelVersion the exact one that answered
 * @param id the request's
 * @param parameters where the time went
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record InferResponse(
        @Schema(example = "flowers") String modelName,
        @Schema(example = "1") String modelVersion,
        @Schema(example = "42") @Nullable String id,
        Timing parameters,
        List<ResponseOutput> outputs) {

    /**
     * An output tensor.
     *
     * @param data in row-major order: numbers, or texts; left out where it comes as bytes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ResponseOutput(
            @Schema(example = "output") String name,
            @Schema(example = "FP32") TensorType datatype,
            @Schema(example = "[2, 3]") List<Integer> shape,
            @Nullable ResponseOutputParameters parameters,
            @Nullable Object data,
            @JsonIgnore byte @Nullable [] bytes) {}

    /**
     * @param binaryDataSize bytes of the tensor behind the JSON object
     */
    record ResponseOutputParameters(int binaryDataSize) {}
}
