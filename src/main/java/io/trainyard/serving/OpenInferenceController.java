package io.trainyard.serving;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The REST API of the Open Inference Protocol, version 2: https://github.com/kserve/open-inference-protocol. */
@RestController
@Profile("api")
@RequestMapping("/v2")
@Tag(name = "Open Inference Protocol")
class OpenInferenceController {

    private static final String EXAMPLE = """
            {
              "id": "42",
              "inputs": [
                {"name": "input", "shape": [2, 4], "datatype": "FP32", "data": [5.1, 3.5, 1.4, 0.2, 6.8, 3.0, 6.0, 2.3]}
              ],
              "outputs": [{"name": "output"}]
            }
            """;

    private final OpenInference protocol;

    OpenInferenceController(OpenInference protocol) {
        this.protocol = protocol;
    }

    /** What the server says of itself. */
    record ServerMetadata(
            @Schema(example = "trainyard") String name,
            @Schema(example = "1.0.0") String version,

            @Schema(example = "[\"binary_tensor_data\", \"classification\"]")
            List<String> extensions) {}

    /** That the server lives. */
    record Live(boolean live) {}

    /**
     * Whether the server takes requests.
     *
     * @param live the protocol's name for it
     * @param ready what its servers call it
     */
    record Ready(boolean live, boolean ready) {}

    /** Whether a model takes requests. */
    record ModelReady(@Schema(example = "flowers") String name, boolean ready) {}

    @Operation(
            operationId = "getServerMetadata",
            summary = "Get the server's metadata",
            description = "Its name, its version, and the extensions that it knows.")
    @GetMapping
    ServerMetadata server() {
        return new ServerMetadata(OpenInference.SERVER, protocol.release(), OpenInference.restExtensions());
    }

    @Operation(
            operationId = "isServerLive",
            summary = "Ask whether the server lives",
            description = "200 while the process answers at all.")
    @SecurityRequirements
    @GetMapping("/health/live")
    Live live() {
        return new Live(true);
    }

    @Operation(
            operationId = "isServerReady",
            summary = "Ask whether the server takes requests",
            description = "200 while the database answers and models can be served; else 503.")
    @SecurityRequirements
    @GetMapping("/health/ready")
    ResponseEntity<Ready> ready() {
        boolean ready = protocol.isReady();
        return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(new Ready(ready, ready));
    }

    @Operation(
            operationId = "getInferenceMetadata",
            summary = "Get a model's metadata",
            description = "The inputs and outputs are those of the newest version.")
    @GetMapping("/models/{model}")
    ModelMetadata metadata(@Parameter(example = "flowers") @PathVariable String model) {
        return protocol.metadata(model, VersionChoice.LATEST);
    }

    @Operation(
            operationId = "getInferenceMetadataOfVersion",
            summary = "Get a version's metadata",
            description = "A version is a number, an alias, or `latest`.")
    @GetMapping("/models/{model}/versions/{version}")
    ModelMetadata metadata(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "1") @PathVariable String version) {
        return protocol.metadata(model, VersionChoice.of(version));
    }

    @Operation(
            operationId = "isModelReady",
            summary = "Ask whether a model takes requests",
            description = "Of its newest version.")
    @GetMapping("/models/{model}/ready")
    ModelReady ready(@Parameter(example = "flowers") @PathVariable String model) {
        return new ModelReady(protocol.ready(model, VersionChoice.LATEST), true);
    }

    @Operation(
            operationId = "isVersionReady",
            summary = "Ask whether a version takes requests",
            description = "A version is a number, an alias, or `latest`.")
    @GetMapping("/models/{model}/versions/{version}/ready")
    ModelReady ready(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "1") @PathVariable String version) {
        return new ModelReady(protocol.ready(model, VersionChoice.of(version)), true);
    }

    @Operation(
            operationId = "infer",
            summary = "Infer with the newest version",
            description = "One tensor `input`, its rows first; of a model of a table also a tensor for each column. The"
                    + " output is one tensor `output`, as JSON, as bytes, or as the most probable classes.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "two flowers", value = EXAMPLE)))
    @PostMapping("/models/{model}/infer")
    InferResponse infer(@Parameter(example = "flowers") @PathVariable String model, @RequestBody InferRequest request) {
        return protocol.infer(model, OpenInference.choice(request.modelVersion()), request);
    }

    @Operation(
            operationId = "inferWithVersion",
            summary = "Infer with a version",
            description = "A version is a number, an alias, or `latest`.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "two flowers", value = EXAMPLE)))
    @PostMapping("/models/{model}/versions/{version}/infer")
    InferResponse infer(
            @Parameter(example = "flowers") @PathVariable String model,
            @Parameter(example = "1") @PathVariable String version,
            @RequestBody InferRequest request) {
        if (request.modelVersion() != null && !request.modelVersion().equals(version)) {
            throw new InvalidFieldException("/model_version", "is not the version of the address, '" + version + "'");
        }
        return protocol.infer(model, VersionChoice.of(version), request);
    }
}
