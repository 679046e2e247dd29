package io.trainyard.modelimport;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.model.VersionView;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Profile("api")
@RequestMapping("/api/v1/models")
@Tag(name = "Models")
class ModelImportsController {

    private static final String FILE = "file";
    private static final String SPEC = "spec";
    private static final int MAX_NAME = 255;
    private static final int MAX_SPEC = 512 << 10;

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
            @Parameter(hidden = true) MultipartHttpServletRequest request) {
        VersionView version = imports.add(name, new Parts(request), idempotencyKey);
        return ResponseEntity.created(
                        URI.create("/api/v1/models/" + version.model() + "/versions/" + version.version()))
                .body(version);
    }

    /** The parts of a request, which are read when they are asked for. */
    private final class Parts implements ModelImports.Upload {

        private final MultipartHttpServletRequest request;

        Parts(MultipartHttpServletRequest request) {
            this.request = request;
        }

        @Override
        public ImportSpec spec() {
            checkParts();
            String text = text();
            return text == null
                    ? ImportSpec.NONE
                    : json.treeToValue(json.createObjectNode().set(SPEC, json.readTree(text)), SpecPart.class)
                            .spec();
        }

        private @Nullable String text() {
            MultipartFile part = request.getFile(SPEC);
            if (part == null) {
                return request.getParameter(SPEC);
            }
            if (part.getSize() > MAX_SPEC) {
                throw new ProblemException(
                        ProblemType.PAYLOAD_TOO_LARGE, "The part 'spec' has more than " + MAX_SPEC + " bytes.");
            }
            try {
                return new String(part.getBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw malformed(SPEC, "cannot be read");
            }
        }

        private void checkParts() {
            Set<String> names = new TreeSet<>(request.getMultiFileMap().keySet());
            names.addAll(request.getParameterMap().keySet());
            names.removeAll(Set.of(FILE, SPEC));
            if (!names.isEmpty()) {
                String name = names.iterator().next();
                throw new ProblemException(
                        ProblemType.UNKNOWN_FIELD,
                        "There is no part '" + name + "' here; known parts: file, spec.",
                        List.of(new FieldError(name, "unknown part; known here: file, spec")));
            }
            if (request.getFiles(FILE).size() != 1) {
                throw malformed(FILE, "is required, once, as a part with a file name");
            }
        }

        private MultipartFile file() {
            MultipartFile file = request.getFile(FILE);
            if (file == null) {
                throw malformed(FILE, "is required, once, as a part with a file name");
            }
            return file;
        }

        @Override
        public String fileName() {
            String name = file().getOriginalFilename();
            String last = name == null
                    ? ""
                    : name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                            .replaceAll("\\p{Cntrl}", "");
            return last.length() > MAX_NAME ? last.substring(0, MAX_NAME) : last;
        }

        @Override
        public void saveTo(Path target) throws IOException {
            file().transferTo(target.toAbsolutePath());
        }

        private ProblemException malformed(String part, String detail) {
            return new ProblemException(
                    ProblemType.MALFORMED_REQUEST, part + ": " + detail, List.of(new FieldError(part, detail)));
        }
    }
}
