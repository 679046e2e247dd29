package io.trainyard.dataset;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.upload.Parts;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

@RestController
@Profile("api")
@RequestMapping("/api/v1/datasets")
@Tag(name = "Datasets")
class DatasetsController {

    private static final int MOST = 500;

    private final Datasets datasets;
    private final DatasetUploads uploads;

    DatasetsController(Datasets datasets, DatasetUploads uploads) {
        this.datasets = datasets;
        this.uploads = uploads;
    }

    /**
     * The parts of an upload.
     *
     * @param spec what the files are
     * @param train of {@code csv}
     * @param test of {@code csv}
     * @param archive of {@code image_folder}
     */
    @Schema(name = "DatasetUpload")
    record Form(
            @Schema(
                    requiredMode = Schema.RequiredMode.REQUIRED,
                    example = "{\"format\": \"csv\", \"label\": \"species\"}")
            IngestSpec spec,

            @Schema(type = "string", format = "binary") @Nullable
            String train,

            @Schema(type = "string", format = "binary") @Nullable
            String test,

            @Schema(type = "string", format = "binary") @Nullable
            String archive,

            @Schema(type = "string", format = "binary") @Nullable
            String trainImages,

            @Schema(type = "string", format = "binary") @Nullable
            String trainLabels,

            @Schema(type = "string", format = "binary") @Nullable
            String testImages,

            @Schema(type = "string", format = "binary") @Nullable
            String testLabels) {}

    /** Datasets by name. */
    record DatasetList(List<DatasetView> items, @Nullable String nextCursor) {}

    @Operation(
            operationId = "listDatasets",
            summary = "List datasets",
            description = "Every dataset, by name, with its versions. Built-in ones get version 1 on first use.")
    @GetMapping
    DatasetList list(
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "`next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Actor actor) {
        checkLimit(limit);
        List<DatasetView> found = datasets.page(cursor, limit + 1, actor);
        return new DatasetList(
                found.stream().limit(limit).toList(),
                found.size() > limit ? found.get(limit - 1).name() : null);
    }

    @Operation(
            operationId = "getDataset",
            summary = "Get a dataset",
            description = "One dataset with its versions, newest first.")
    @GetMapping("/{name}")
    DatasetView get(@Parameter(example = "digits") @PathVariable String name) {
        return datasets.dataset(name);
    }

    @Operation(
            operationId = "getDatasetVersion",
            summary = "Get a dataset version",
            description = "Its input shape, classes, row counts and encoding. The first look at a built-in dataset"
                    + " makes its version 1.")
    @GetMapping("/{name}/versions/{version}")
    VersionView version(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        return datasets.view(name, version);
    }

    @Operation(
            operationId = "addDatasetVersion",
            summary = "Add a dataset version",
            description =
                    "Files become the next, immutable version of a dataset. `csv`: part `train` and, where rows are"
                            + " held out by hand, `test`; a header row, RFC 4180, columns of numbers and texts. `idx`: parts"
                            + " `train_images`, `train_labels`, `test_images`, `test_labels`, plain or gzip. `image_folder`: part"
                            + " `archive`, a zip of `train/<class>/*` and `test/<class>/*`, or of `<class>/*`. Where no test part"
                            + " is sent, `validation_fraction` of each class is held out. The answer shows what was made of the"
                            + " columns; `columns` in `spec` overrides it.")
    @ApiResponse(responseCode = "201", description = "The version is there, and can be named in jobs.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                            schema = @Schema(implementation = Form.class),
                            encoding =
                                    @io.swagger.v3.oas.annotations.media.Encoding(
                                            name = "spec",
                                            contentType = MediaType.APPLICATION_JSON_VALUE)))
    @PostMapping(value = "/{name}/versions", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<VersionView> add(
            @Parameter(example = "flowers") @PathVariable String name,
            @Parameter(description = "The same key and body give the first answer again, for a day.")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            @Parameter(hidden = true) MultipartHttpServletRequest request,
            Actor actor) {
        VersionView version = uploads.add(name, new Parts(request), idempotencyKey, actor);
        return ResponseEntity.created(
                        URI.create("/api/v1/datasets/" + version.name() + "/versions/" + version.version()))
                .body(version);
    }

    @Operation(
            operationId = "deleteDatasetVersion",
            summary = "Delete a dataset version",
            description = "Only one to which no job and no model version refers. Its number is not given again.")
    @ApiResponse(responseCode = "204", description = "It is gone.")
    @DeleteMapping("/{name}/versions/{version}")
    ResponseEntity<Void> delete(
            @Parameter(example = "flowers") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        datasets.delete(name, version);
        return ResponseEntity.noContent().build();
    }

    @Operation(
            operationId = "getDatasetRows",
            summary = "Look at rows",
            description = "A page of raw rows with their labels; each `instance` can be sent to `POST /predict` as it"
                    + " is. With `images=true` the rows of pictures have an `image` to look at, a PNG as a data URI."
                    + " Of large rows a page holds fewer than `limit`: as many as have ten million values.")
    @GetMapping("/{name}/versions/{version}/rows")
    RowPage rows(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version,
            @Parameter(description = "`train` or `test`", schema = @Schema(allowableValues = {"train", "test"}))
                    @RequestParam(defaultValue = "test")
                    String split,
            @RequestParam(defaultValue = "0") int offset,
            @Parameter(example = "5") @RequestParam(defaultValue = "50") int limit,
            @RequestParam(defaultValue = "false") boolean images) {
        Split chosen = Split.of(split);
        checkLimit(limit);
        return datasets.rows(datasets.resolve(name, version), chosen, null, offset, limit, images);
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MOST + ", was " + limit);
        }
    }
}
