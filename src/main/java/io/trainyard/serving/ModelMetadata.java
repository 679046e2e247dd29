package io.trainyard.serving;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What the Open Inference Protocol says of a model.
 *
 * @param versions that can be asked, newest first
 */
record ModelMetadata(
        @Schema(example = "flowers") String name,
        @Schema(example = "[\"1\"]") List<String> versions,
        @Schema(example = "deeplearning4j") String platform,
        List<Tensor> inputs,
        List<Tensor> outputs) {

    /**
     * @param shape the number of rows, -1 for any, and the shape of a row
     */
    record Tensor(
            @Schema(example = "input") String name,
            @Schema(example = "FP32") TensorType datatype,
            @Schema(example = "[-1, 4]") List<Integer> shape) {}
}
