package io.trainyard.serving;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.VersionChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The REST API of TensorFlow Serving: https://www.tensorflow.org/tfx/serving/api_rest. */
@RestController
@Profile("api")
@RequestMapping("/v1/models")
@Tag(name = "TensorFlow Serving")
class TensorFlowController {

    private static final String EXAMPLE = "{\"instances\": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}";

    private final Inference inference;
    private final Models models;

    TensorFlowController(Inference inference, Models models) {
        this.inference = inference;
        this.models = models;
    }

    /** What {@code GET} says of a model's versions. */
    record ModelStatus(List<VersionStatus> modelVersionStatus) {}

    /** That a version can be asked: it is loaded when it is. */
    record VersionStatus(
            @Schema(example = "1") String version,
            @Schema(example = "AVAILABLE") String state,
            Status status) {

        static VersionStatus available(int version) {
            return new VersionStatus(String.valueOf(version), "AVAILABLE", new Status("OK", ""));
        }

        /** How the last load went. */
        record Status(@Schema(example = "OK") String errorCode, String errorMessage) {}
    }

    @Operation(
            operationId = "tensorFlowPredict",
            summary = "Predict with the newest version",
            description = "TensorFlow Serving's form: rows as `instances`, or columns as `inputs`.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "two flowers", value = EXAMPLE)))
    @PostMapping("/{model}:predict")
    ResponseEntity<TensorFlowResponse> predict(
            @Parameter(example = "flowers") @PathVariable String model, @RequestBody TensorFlowRequest request) {
        return predict(model, VersionChoice.LATEST, request);
    }

    @Operation(
            operationId = "tensorFlowPredictWithVersion",
            summary = "Predict with a version",
            description = "As with the newest version.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "two flowers", value = EXAMPLE)))
    @PostMapping("/{model}/versions/{version}:predict")
    ResponseEntity<TensorFlowResponse> predictWithVersion(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "1") @PathVariable int version,
            @RequestBody TensorFlowRequest request) {
        return predict(model, new VersionChoice.Numbered(version), request);
    }

    @Operation(
            operationId = "tensorFlowPredictWithLabel",
            summary = "Predict with the version of a label",
            description = "A label is what is an alias elsewhere.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "two flowers", value = EXAMPLE)))
    @PostMapping("/{model}/labels/{label}:predict")
    ResponseEntity<TensorFlowResponse> predictWithLabel(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "production") @PathVariable String label,
            @RequestBody TensorFlowRequest request) {
        return predict(model, new VersionChoice.Aliased(label), request);
    }

    @Operation(
            operationId = "getTensorFlowStatus",
            summary = "Get the status of a model's versions",
            description = "Every version is AVAILABLE: one that is not loaded is loaded when it is asked.")
    @GetMapping("/{model}")
    ModelStatus status(@Parameter(example = "flowers") @PathVariable String model) {
        return new ModelStatus(
                models.numbers(model).stream().map(VersionStatus::available).toList());
    }

    @Operation(
            operationId = "getTensorFlowStatusOfVersion",
            summary = "Get the status of a version",
            description = "As TensorFlow Serving answers it, for the one version.")
    @GetMapping("/{model}/versions/{version}")
    ModelStatus status(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "1") @PathVariable int version) {
        return new ModelStatus(List.of(VersionStatus.available(models.numbered(model, version))));
    }

    @Operation(
            operationId = "getTensorFlowStatusOfLabel",
            summary = "Get the status of the version of a label",
            description = "A label is what is an alias elsewhere.")
    @GetMapping("/{model}/labels/{label}")
    ModelStatus statusOfLabel(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "production") @PathVariable String label) {
        return new ModelStatus(List.of(VersionStatus.available(models.aliased(model, label))));
    }

    private ResponseEntity<TensorFlowResponse> predict(String model, VersionChoice choice, TensorFlowRequest request) {
        Answered answered = inference.run(inference.route(model, choice), request.rows(), null);
        ModelVersion version = answered.version();
        MicroBatcher.Answer answer = answered.answer();
        Object tensor = version.target().classes().isEmpty()
                ? answer.values()
                : matrix(answer.values(), version.target().answers());
        return ResponseEntity.ok()
                .header(Timing.HEADER, Timing.of(answer).header())
                .body(
                        request.inputs() == null
                                ? new TensorFlowResponse(tensor, null)
                                : new TensorFlowResponse(null, tensor));
    }

    private static float[][] matrix(float[] values, int columns) {
        float[][] matrix = new float[values.length / columns][columns];
        for (int row = 0; row < matrix.length; row++) {
            System.arraycopy(values, row * columns, matrix[row], 0, columns);
        }
        return matrix;
    }

    /**
     * The one output: a row of probabilities for each instance, or a number.
     *
     * @param predictions where {@code instances} were given
     * @param outputs where {@code inputs} were
     */
    record TensorFlowResponse(
            @Nullable Object predictions, @Nullable Object outputs) {}
}
