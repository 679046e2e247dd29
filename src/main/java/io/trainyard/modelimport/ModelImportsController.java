package io.trainyard.modelimport;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import io.trainyard.model.VersionView;
import io.trainyard.problem.JsonFaults;
import io.trainyard.upload.PartFile;
import io.trainyard.upload.Parts;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Profile("api")
@RequestMapping("/api/v1/models")
@Tag(name = "Models")
class ModelImportsController {

    private static final String FILE = "file";
    private static final String SPEC = "spec";

    private final ModelImports imports;
    private final JsonMapper json;

    ModelImportsController(ModelImports imports, JsonMapper json) {
        this.imports = imports;
        this.json = json;
    }

    /**
     * The parts of the body.
     *
     * @param file a {@code .h5} of Keras, or a zip of DL4J
     * @param spec what the file cannot say
     */
    @Schema(name = "ModelImport")
    record Form(
            @Schema(type = "string", format = "binary", requiredMode = Schema.RequiredMode.REQUIRED)
            String file,

            @Nullable ImportSpec spec) {}

    /** A part in its place, so that errors point into it. */
    private record SpecPart(ImportSpec spec) {}

    @Operation(
            operationId = "importModelVersion",
            summary = "Import a model version",
            description =
                    "A network that was trained elsewhere becomes the next version of a model: a Keras Sequential as `.h5`,"
                            + " or a DL4J zip with one input and one output, such as `GET …/artifact` gives. `spec` says"
                            + " what the file cannot: a dataset whose rows and classes the network knows, or"
                            + " `input_shape`, `classes` or `task`, and `scale`. The file is read in a process of its"
                            + " own; the network is run once before the version is there.")
    @ApiResponse(responseCode = "201", description = "The version is there, and serves.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                            schema = @Schema(implementation = Form.class),
                            encoding = @Encoding(name = SPEC, contentType = MediaType.APPLICATION_JSON_VALUE)))
    @PostMapping(value = "/{name}/versions", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<VersionView> add(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(description = "The same key and body give the first answer again, for a day.")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            @Parameter(hidden = true) MultipartHttpServletRequest request,
            Actor actor) {
        VersionView version = imports.add(name, new Upload(new Parts(request), json), idempotencyKey, actor);
        return ResponseEntity.created(
                        URI.create("/api/v1/models/" + version.model() + "/versions/" + version.version()))
                .body(version);
    }

    /** Read when they are asked for. */
    private record Upload(Parts parts, JsonMapper json) implements ModelImports.Upload {

        @Override
        public PartFile file() {
            return parts.file(FILE);
        }

        @Override
        public ImportSpec spec() {
            String text = parts.spec();
            if (text == null) {
                return ImportSpec.NONE;
            }
            try {
                return json.treeToValue(json.createObjectNode().set(SPEC, json.readTree(text)), SpecPart.class)
                        .spec();
            } catch (JacksonException fault) {
                throw JsonFaults.problem(fault);
            }
        }
    }
}
