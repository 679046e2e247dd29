package io.trainyard.serving;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.model.VersionChoice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What is in the memory of the API process that answers; each of several has its own. */
@RestController
@Profile("api")
@Tag(name = "Prediction")
class LoadedVersionsController {

    private final Access access;
    private final Inference inference;
    private final LoadedModels loaded;
    private final ServingProperties properties;

    LoadedVersionsController(Access access, Inference inference, LoadedModels loaded, ServingProperties properties) {
        this.access = access;
        this.inference = inference;
        this.loaded = loaded;
        this.properties = properties;
    }

    /**
     * The versions that are loaded.
     *
     * @param items the last used first
     * @param bytes that they take together, about
     * @param budgetBytes that they may take
     */
    record LoadedVersions(List<LoadedVersion> items, long bytes, long budgetBytes) {}

    /**
     * One of them.
     *
     * @param bytes that it takes, about: its weights, and the outputs of its layers for the largest batch
     * @param replicas threads that answer, each with a copy of the network
     * @param queued requests that wait
     * @param batching null while it is being loaded
     * @param loadedAt likewise
     */
    record LoadedVersion(
            @Schema(example = "digits") String model,
            @Schema(example = "1") int version,
            long bytes,
            @Schema(example = "1") int replicas,
            @Schema(example = "0") int queued,
            @Nullable Batching batching,
            @Nullable Instant loadedAt) {}

    /**
     * How its requests are put together at present.
     *
     * @param maxBatchSize rows that go through the network together
     * @param maxDelayMs for which a request waits for others
     * @param targetP99Ms that was asked for; these two are then chosen to keep it
     * @param p99Ms of the latest requests, from their arrival in the queue to their answer
     */
    record Batching(
            @Schema(example = "128") int maxBatchSize,
            @Schema(example = "0") double maxDelayMs,
            @Nullable Double targetP99Ms,
            @Nullable Double p99Ms) {

        static Batching of(BatchPolicy.Figures figures) {
            return new Batching(
                    figures.maxBatchSize(),
                    millis(figures.maxDelay()),
                    figures.targetP99().isZero() ? null : millis(figures.targetP99()),
                    figures.p99().isZero() ? null : millis(figures.p99()));
        }

        private static double millis(Duration duration) {
            return Math.round(duration.toNanos() / 1e3) / 1e3;
        }
    }

    @Operation(
            operationId = "listLoadedVersions",
            summary = "List the loaded versions",
            description =
                    "Those in the memory of the process that answers, the last used first. A version is loaded when"
                            + " it is asked for; those not used for longest make way when memory is short.")
    @GetMapping("/api/v1/serving")
    LoadedVersions list(Actor actor) {
        List<LoadedModels.View> views = loaded.all().stream()
                .filter(view -> access.sees(actor, Kind.MODEL, view.version().model()))
                .toList();
        return new LoadedVersions(
                views.stream().map(this::view).toList(),
                views.stream().mapToLong(LoadedModels.View::bytes).sum(),
                properties.memoryBudget());
    }

    @Operation(
            operationId = "loadVersion",
            summary = "Load a version",
            description =
                    "Into the memory of the process that answers, so that its first request finds it warm. One that"
                            + " is loaded stays so.")
    @PostMapping("/api/v1/models/{name}/versions/{version}/load")
    LoadedVersion load(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        LoadedModel model = inference.load(inference.version(name, new VersionChoice.Numbered(version)));
        return view(new LoadedModels.View(model.version(), properties.bytes(model.version()), model));
    }

    @Operation(
            operationId = "unloadVersion",
            summary = "Unload a version",
            description =
                    "From the memory of the process that answers, once what waits for it has been answered. The next"
                            + " request for it loads it again.")
    @PostMapping("/api/v1/models/{name}/versions/{version}/unload")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unload(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        inference.version(name, new VersionChoice.Numbered(version));
        loaded.unload(name, version);
    }

    private LoadedVersion view(LoadedModels.View view) {
        LoadedModel model = view.model();
        return new LoadedVersion(
                view.version().model(),
                view.version().version(),
                view.bytes(),
                properties.replicaCount(),
                model == null ? 0 : model.queued(),
                model == null ? null : Batching.of(model.batching()),
                model == null ? null : model.loadedAt());
    }
}
