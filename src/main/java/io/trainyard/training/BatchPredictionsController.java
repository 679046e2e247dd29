package io.trainyard.training;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping(BatchPredictionsController.PATH)
@Tag(name = "Batch prediction")
class BatchPredictionsController {

    static final String PATH = "/api/v1/batch-predictions";

    private static final String EXAMPLE = """
            {
              "model": "digits",
              "version": "latest",
              "dataset": "digits",
              "split": "test",
              "format": "csv"
            }
            """;

    private final BatchPredictions predictions;

    BatchPredictionsController(BatchPredictions predictions) {
        this.predictions = predictions;
    }

    @Operation(
            operationId = "submitBatchPrediction",
            summary = "Predict a whole split",
            description =
                    "Queues a job that predicts every row of a dataset's split with one version, whose number is fixed"
                            + " now. It is a job like any other: poll it at `Location`, follow its events, pause or cancel it there.")
    @ApiResponse(responseCode = "202", description = "The job is accepted; it will not be lost.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "digits", value = EXAMPLE)))
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JobView> submit(
            @RequestBody BatchPredictionRequest request,
            @Parameter(
                            description =
                                    "Any text of your choice; sending the request again with the same key gives the"
                                            + " first answer again instead of a second job.")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Actor actor) {
        JobView job = predictions.submit(request, idempotencyKey, actor);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/jobs/" + job.id()))
                .body(job);
    }

    @Operation(operationId = "downloadPredictions", summary = "Download the predictions", description = """
                    One file, its checksum verified; the `ETag` is its SHA-256. 404 until the job has succeeded.

                    CSV (RFC 4180) has the columns `row`, `label`, `predicted`, `probability` and `probability_<class>` for each
                    class; JSON Lines the same as objects. Where the model tells a number: `row`, `label`, `value`. Rows are
                    those of the split, in its order, counted from 0; `label` is what the dataset says.""")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(mediaType = "application/jsonl", schema = @Schema(type = "string"))
            })
    @GetMapping("/{id}/predictions")
    ResponseEntity<Resource> download(@Parameter(example = JobExample.BATCH_PREDICTION) @PathVariable UUID id) {
        BatchPredictions.Download file = predictions.download(id);
        BatchPredictionSpec spec = file.spec();
        String name = spec.model() + "-" + spec.version() + "-" + spec.dataset().name() + "-"
                + spec.dataset().version() + "-" + spec.split() + "." + spec.format();
        return ResponseEntity.ok()
                .contentType(spec.format().mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .eTag(file.artifact().sha256())
                .body(new FileSystemResource(file.content()));
    }

    @Operation(
            operationId = "deletePredictions",
            summary = "Delete the predictions",
            description = "The file goes; the job stays, with its figures and the file's SHA-256.")
    @ApiResponse(responseCode = "204", description = "The file is deleted.")
    @DeleteMapping("/{id}/predictions")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@Parameter(example = JobExample.BATCH_PREDICTION) @PathVariable UUID id) {
        predictions.delete(id);
    }
}
