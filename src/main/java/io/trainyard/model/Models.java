package io.trainyard.model;

import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Reference;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: publishes and finds model versions. */
@Component
public class Models {

    private static final int MAX_VERSIONS_LISTED = 500;

    private final ModelRows models;
    private final ModelVersionRows versions;
    private final Artifacts artifacts;
    private final JsonMapper json;
    private final Clock clock;

    Models(ModelRows models, ModelVersionRows versions, Artifacts artifacts, JsonMapper json, Clock clock) {
        this.models = models;
        this.versions = versions;
        this.artifacts = artifacts;
        this.json = json;
        this.clock = clock;
    }

    /** What a job publishes: a {@link ModelVersion} that has no number yet. */
    public record Candidate(
            String model,
            UUID jobId,
            DatasetReference dataset,
            JsonNode spec,
            JsonNode summary,
            long seed,
            Encoding encoding,
            Target target,
            VersionEvaluation evaluation,
            Artifact artifact) {}

    /**
     * Adds the next version of a model, within the caller's transaction: the one that ends its job. The artifact's bytes
     * must be in the store already.
     *
     * @return the version's number
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int publish(Candidate candidate) {
        models.insertIfAbsent(candidate.model());
        models.lock(candidate.model());
        ModelVersionRow row = new ModelVersionRow();
        row.model = candidate.model();
        row.version = versions.newest(candidate.model()) + 1;
        row.jobId = candidate.jobId();
        row.datasetName = candidate.dataset().name();
        row.datasetVersion = candidate.dataset().version();
        row.datasetSha256 = candidate.dataset().sha256();
        row.seed = candidate.seed();
        row.spec = json.writeValueAsString(candidate.spec());
        row.summary = json.writeValueAsString(candidate.summary());
        row.encoding = json.writerFor(Encoding.class).writeValueAsString(candidate.encoding());
        row.target = json.writeValueAsString(candidate.target());
        row.evaluation = json.writeValueAsString(candidate.evaluation());
        row.artifactSha256 = candidate.artifact().sha256();
        row.artifactBytes = candidate.artifact().bytes();
        row.createdAt = clock.instant();
        versions.saveAndFlush(row);
        return row.version;
    }

    /**
     * A version by its number.
     *
     * @throws ProblemException NOT_FOUND
     */
    public ModelVersion get(String model, int version) {
        checkPossible(model);
        return versions.findById(new ModelVersionRow.Key(model, version))
                .map(this::toVersion)
                .orElseThrow(() -> ProblemException.notFound("model version", model + "/" + version));
    }

    /**
     * The newest version of a model.
     *
     * @throws ProblemException NOT_FOUND
     */
    public ModelVersion latest(String model) {
        checkPossible(model);
        return versions.findFirstByModelOrderByVersionDesc(model)
                .map(this::toVersion)
                .orElseThrow(() -> ProblemException.notFound("model", model));
    }

    /**
     * The file of a version's weights, its checksum verified.
     *
     * @throws ProblemException ARTIFACT_DAMAGED
     */
    public Path artifact(ModelVersion version) {
        return artifacts.verified(version.artifact());
    }

    /** The weights of all versions. */
    public List<Reference> references() {
        return versions.artifacts().stream()
                .map(row -> artifacts.reference(
                        "model " + row.getModel() + " version " + row.getVersion(),
                        new Artifact(row.getArtifactSha256(), row.getArtifactBytes())))
                .toList();
    }

    /** PostgreSQL's text cannot hold U+0000, so it must not be asked for it. */
    private static void checkPossible(String model) {
        if (model.indexOf('\0') >= 0) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no model of that name.");
        }
    }

    /** The versions of a model, newest first. */
    List<ModelVersion> versionsOf(String model) {
        return versions.findByModelOrderByVersionDesc(model, Limit.of(MAX_VERSIONS_LISTED)).stream()
                .map(this::toVersion)
                .toList();
    }

    /** Names of models, in alphabetical order, from the first after {@code after} on. */
    List<String> names(String after, int limit) {
        return models.page(after, Limit.of(limit)).stream().map(row -> row.name).toList();
    }

    private ModelVersion toVersion(ModelVersionRow row) {
        return new ModelVersion(
                row.model,
                row.version,
                row.jobId,
                new DatasetReference(row.datasetName, row.datasetVersion, row.datasetSha256),
                json.readTree(row.spec),
                json.readTree(row.summary),
                row.seed,
                json.readValue(row.encoding, Encoding.class),
                json.readValue(row.target, Target.class),
                json.readValue(row.evaluation, VersionEvaluation.class),
                new Artifact(row.artifactSha256, row.artifactBytes),
                row.createdAt);
    }
}
