package io.trainyard.training;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import io.trainyard.network.NetworkSummary;
import io.trainyard.problem.InvalidFieldException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Profile("api")
@RequestMapping("/api/v1/jobs")
@Tag(name = "Jobs")
class TrainingJobsController {

    static final String EXAMPLE_JOB = """
            {
              "model": "digits",
              "dataset": "digits",
              "network": {
                "layers": [
                  {"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same", "use_bias": false},
                  {"type": "batch_normalization", "scale": false},
                  {"type": "activation", "activation": "relu"},
                  {"type": "max_pooling2d"},
                  {"type": "flatten"},
                  {"type": "dense", "units": 64, "activation": "relu"},
                  {"type": "dropout", "rate": 0.3},
                  {"type": "dense", "units": 10, "activation": "softmax"}
                ]
              },
              "training": {
                "epochs": 10,
                "batch_size": 32,
                "seed": 42,
                "optimizer": {"type": "adam", "learning_rate": 0.01},
                "learning_rate_schedule": {"type": "exponential", "decay_rate": 0.8}
              }
            }
            """;

    private static final String EXAMPLE_EVENT = """
            id:3.1.40
            event:status
            data:{"status":"SUCCEEDED","at":"2026-11-25T23:30:35.705300Z"}

            """;

    private static final int MAX_LIMIT = 500;
    private static final int MAX_EPOCHS = 10_000;

    private final TrainingJobs jobs;
    private final EventStreams events;

    TrainingJobsController(TrainingJobs jobs, EventStreams events) {
        this.jobs = jobs;
        this.events = events;
    }

    /** A page of jobs. */
    record JobPage(List<JobView> items, @Nullable String nextCursor) {}

    /** A job's curves, or a part of them. */
    record Metrics(List<EpochMetrics> epochs, @Nullable String nextCursor) {}

    @Operation(
            operationId = "submitJob",
            summary = "Submit a job",
            description = "Checks the network's shapes and memory, freezes the spec and queues the job. Poll the job at"
                    + " `Location`, or follow its events.")
    @ApiResponse(responseCode = "202", description = "The job is accepted; it will not be lost.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "digits", value = EXAMPLE_JOB)))
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JobView> submit(
            @RequestBody JobRequest request,
            @Parameter(
                            description =
                                    "Any text of your choice; sending the request again with the same key gives the"
                                            + " first answer again instead of a second job.")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Actor actor) {
        JobView job = jobs.submit(request, idempotencyKey, actor);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/jobs/" + job.id()))
                .body(job);
    }

    @Operation(
            operationId = "validateJob",
            summary = "Check a job without running it",
            description = "The dry run: each layer's output shape and parameters, and the memory that training would"
                    + " need; or the errors. No job is made. With `Accept: text/plain`, a table as Keras'"
                    + " `model.summary()` prints it.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "digits", value = EXAMPLE_JOB)))
    @PostMapping(
            value = "/validate",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    NetworkSummary validate(@RequestBody JobRequest request, Actor actor) {
        return jobs.validate(request, actor);
    }

    @Operation(hidden = true)
    @PostMapping(
            value = "/validate",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<String> validateAsText(@RequestBody JobRequest request, Actor actor) {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(jobs.validate(request, actor).render());
    }

    @Operation(operationId = "listJobs", summary = "List jobs", description = "Newest first.")
    @GetMapping
    JobPage list(
            @Parameter(
                            description = "Only jobs of this kind",
                            schema = @Schema(allowableValues = {"training", "batch_prediction"}))
                    @RequestParam(required = false)
                    @Nullable
                    String kind,
            @Parameter(description = "Only jobs with this status") @RequestParam(required = false) @Nullable
                    JobStatus status,
            @Parameter(description = "Only jobs of this model") @RequestParam(required = false) @Nullable String model,
            @Parameter(description = "Only jobs with this label, as `key=value`")
                    @RequestParam(required = false)
                    @Nullable
                    String label,
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Actor actor) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MAX_LIMIT + ", was " + limit);
        }
        List<JobView> page = jobs.page(
                JobFilter.of(kind, status, model, label),
                cursor == null ? null : JobCursor.parse(cursor),
                limit + 1,
                actor);
        List<JobView> items = page.stream().limit(limit).toList();
        return new JobPage(
                items,
                page.size() > limit ? JobCursor.after(items.get(limit - 1)).toString() : null);
    }

    @Operation(
            operationId = "getJob",
            summary = "Get a job",
            description = "Status, frozen spec, transitions, progress and result.")
    @GetMapping("/{id}")
    JobView get(@Parameter(example = JobExample.ANY) @PathVariable UUID id) {
        return jobs.get(id);
    }

    @Operation(
            operationId = "getJobMetrics",
            summary = "Get a job's curves",
            description = "Training and validation metrics of each finished epoch, the first one first.")
    @GetMapping("/{id}/metrics")
    Metrics metrics(
            @Parameter(example = JobExample.ANY) @PathVariable UUID id,
            @RequestParam(defaultValue = "1000") int limit,
            @Parameter(description = "The `next_cursor` of the page before: an epoch") @RequestParam(defaultValue = "0")
                    int cursor) {
        if (limit < 1 || limit > MAX_EPOCHS) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MAX_EPOCHS + ", was " + limit);
        }
        List<EpochMetrics> page = jobs.metrics(id, cursor, limit + 1);
        List<EpochMetrics> epochs = page.stream().limit(limit).toList();
        return new Metrics(
                epochs,
                page.size() > limit ? String.valueOf(epochs.get(limit - 1).epoch()) : null);
    }

    @Operation(
            operationId = "followJob",
            summary = "Follow a job",
            description =
                    "Server-Sent Events: `status` (a transition), `epoch` (its metrics) and `progress`. Ends after"
                            + " the terminal status. `Last-Event-ID` goes on after that event.")
    @ApiResponse(
            responseCode = "200",
            description = "Events, until the job has ended.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(name = "the last event", value = EXAMPLE_EVENT)))
    @GetMapping(value = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @Parameter(example = JobExample.ANY) @PathVariable UUID id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Actor actor) {
        return events.open(id, lastEventId, actor);
    }

    @Operation(
            operationId = "followJobs",
            summary = "Follow all jobs",
            description =
                    "Server-Sent Events that only say where to look: `job` names a job that has changed in any way,"
                            + " `jobs` says that any may have (it comes first, and whenever changes may have been missed). One"
                            + " stream does for a page or program that shows many jobs.")
    @ApiResponse(
            responseCode = "200",
            description = "Events, until the connection is closed.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(name = "the first event", value = "event: jobs\ndata: {}\n\n")))
    @GetMapping(value = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter changes(Actor actor) {
        return events.open(actor);
    }

    @Operation(
            operationId = "getJobLog",
            summary = "Get a job's log",
            description = "The log of the latest attempt, or of the one asked for.")
    @GetMapping(value = "/{id}/log", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<String> log(
            @Parameter(example = JobExample.ANY) @PathVariable UUID id,
            @RequestParam(required = false) @Nullable Integer attempt) {
        List<String> lines = jobs.log(id, attempt);
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }

    @Operation(
            operationId = "cancelJob",
            summary = "Cancel a job",
            description = "At once where it is queued, else within seconds. Can be called again; 409 once the job has"
                    + " ended in another way.")
    @ApiResponse(responseCode = "202", description = "The job is cancelled, or is about to be.")
    @PostMapping("/{id}/cancel")
    ResponseEntity<JobView> cancel(@Parameter(example = JobExample.ANY) @PathVariable UUID id) {
        return ResponseEntity.accepted().body(jobs.cancel(id));
    }

    @Operation(
            operationId = "pauseJob",
            summary = "Pause a job",
            description = "At once where it is queued, else within seconds: its state is saved and its worker is free."
                    + " Can be called again; 409 once the job has ended.")
    @ApiResponse(responseCode = "202", description = "The job is paused, or is about to be.")
    @PostMapping("/{id}/pause")
    ResponseEntity<JobView> pause(@Parameter(example = JobExample.ANY) @PathVariable UUID id) {
        return ResponseEntity.accepted().body(jobs.pause(id));
    }

    @Operation(
            operationId = "resumeJob",
            summary = "Resume a job",
            description = "A paused job is queued again in its old place, and goes on from where it was. Can be called"
                    + " again; 409 once the job has ended.")
    @ApiResponse(responseCode = "202", description = "The job is queued, or goes on.")
    @PostMapping("/{id}/resume")
    ResponseEntity<JobView> resume(@Parameter(example = JobExample.ANY) @PathVariable UUID id) {
        return ResponseEntity.accepted().body(jobs.resume(id));
    }
}
