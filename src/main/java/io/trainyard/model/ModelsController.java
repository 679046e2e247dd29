package io.trainyard.model;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/models")
@Tag(name = "Models")
class ModelsController {

    private static final int MAX_LIMIT = 500;

    private final Models models;

    ModelsController(Models models) {
        this.models = models;
    }

    /** A page of models. */
    record ModelPage(List<ModelView> items, @Nullable String nextCursor) {}

    /**
     * A model with its versions, newest first.
     *
     * @param latestVersion absent when all have been deleted
     * @param aliases versions by the aliases that point at them
     */
    record ModelView(
            @Schema(example = "digits") String name,
            String description,
            Map<String, String> tags,
            @Nullable Integer latestVersion,

            @Schema(example = "{\"production\": 1}") Map<String, Integer> aliases,

            List<VersionSummary> versions) {}

    /**
     * A version in a list.
     *
     * @param metrics on the held-out split, by their names in the curves; none where it was imported
     * @param jobId absent where it was imported
     */
    record VersionSummary(
            int version,

            @Schema(example = "{\"val_loss\": 0.21, \"val_accuracy\": 0.94}")
            Map<String, Double> metrics,

            Map<String, String> tags,
            @Nullable UUID jobId,
            Instant createdAt) {
        static VersionSummary of(ModelVersion version) {
            return new VersionSummary(
                    version.version(),
                    version.figures(),
                    version.tags(),
                    version.lineage() instanceof Lineage.Trained trained ? trained.jobId() : null,
                    version.createdAt());
        }
    }

    @Operation(
            operationId = "listModels",
            summary = "List models",
            description = "Every model that has a version, by name.")
    @GetMapping
    ModelPage list(
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(defaultValue = "")
                    String cursor,
            Actor actor) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MAX_LIMIT + ", was " + limit);
        }
        List<String> names = models.names(cursor, limit + 1, actor);
        List<ModelView> items =
                names.stream().limit(limit).flatMap(name -> view(name).stream()).toList();
        return new ModelPage(items, names.size() > limit ? names.get(limit - 1) : null);
    }

    @Operation(
            operationId = "getModel",
            summary = "Get a model",
            description = "One model with its versions, newest first.")
    @GetMapping("/{name}")
    ModelView get(@Parameter(example = "digits") @PathVariable String name) {
        return view(name).orElseThrow(() -> ProblemException.notFound("model", name));
    }

    private Optional<ModelView> view(String name) {
        return models.find(name).map(model -> {
            List<VersionSummary> versions = models.versionsOf(name, Models.MAX_VERSIONS_LISTED).stream()
                    .map(VersionSummary::of)
                    .toList();
            return new ModelView(
                    name,
                    model.description(),
                    model.tags(),
                    versions.isEmpty() ? null : versions.get(0).version(),
                    models.aliases(name),
                    versions);
        });
    }

    @Operation(
            operationId = "annotateModel",
            summary = "Describe a model",
            description = "Changes its description and tags; what is not given stays.")
    @PatchMapping("/{name}")
    ModelView annotate(@Parameter(example = "digits") @PathVariable String name, @RequestBody Annotations annotations) {
        models.annotate(name, annotations);
        return get(name);
    }

    @Operation(
            operationId = "annotateModelVersion",
            summary = "Describe a model version",
            description = "Changes its description and tags; what is not given stays. All else is immutable.")
    @PatchMapping("/{name}/versions/{version}")
    VersionView annotate(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version,
            @RequestBody Annotations annotations) {
        return VersionView.of(models.annotate(name, version, annotations));
    }

    @Operation(
            operationId = "deleteModelVersion",
            summary = "Delete a model version",
            description =
                    "409 while an alias points at it, a rollout has it as its candidate, or a live job goes on from it. Its number is not given again; its job keeps its curves.")
    @DeleteMapping("/{name}/versions/{version}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        models.delete(name, version);
    }

    @Operation(
            operationId = "getModelVersion",
            summary = "Get a model version",
            description = "Metrics, input and output signature, layer summary, lineage and artifact.")
    @GetMapping("/{name}/versions/{version}")
    VersionView version(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        return VersionView.of(models.get(name, version));
    }

    @Operation(
            operationId = "getEvaluation",
            summary = "Get a version's evaluation",
            description =
                    "On the held-out split: for classes accuracy, scores of each class, confusion matrix, calibration and"
                            + " the worst mistakes; for numbers the errors and the worst of them. 404 where the version was imported.")
    @GetMapping("/{name}/versions/{version}/evaluation")
    VersionEvaluation evaluation(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        VersionEvaluation evaluation = models.get(name, version).evaluation();
        if (evaluation == null) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "Version " + version + " of " + name + " was imported; it has not been evaluated here.");
        }
        return evaluation;
    }

    @Operation(
            operationId = "downloadModelVersion",
            summary = "Download a version's weights",
            description = "One DL4J zip (`configuration.json`, `coefficients.bin`), its checksum verified.")
    @GetMapping(value = "/{name}/versions/{version}/artifact", produces = "application/zip")
    ResponseEntity<Resource> artifact(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        ModelVersion found = models.get(name, version);
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/zip"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(found.model() + "-" + found.version() + ".zip")
                                .build()
                                .toString())
                .eTag(found.artifact().sha256())
                .body(new FileSystemResource(models.artifact(found)));
    }
}
