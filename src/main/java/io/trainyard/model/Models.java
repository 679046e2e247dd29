package io.trainyard.model;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.trainyard.access.Actor;
import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Reference;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import io.trainyard.json.StoredJson;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: publishes and finds model versions. */
@Component
public class Models {

    /** Of one model. */
    public static final int MAX_VERSIONS_LISTED = 500;

    private final ModelRows models;
    private final ModelVersionRows versions;
    private final Aliases aliases;
    private final VersionHolds holds;
    private final Artifacts artifacts;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final JsonMapper shown;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    Models(
            ModelRows models,
            ModelVersionRows versions,
            Aliases aliases,
            VersionHolds holds,
            Artifacts artifacts,
            JdbcClient jdbc,
            JsonMapper json,
            Clock clock,
            ApplicationEventPublisher events) {
        this.models = models;
        this.versions = versions;
        this.aliases = aliases;
        this.holds = holds;
        this.artifacts = artifacts;
        this.jdbc = jdbc;
        this.json = json;
        this.shown = StoredJson.shown(json);
        this.clock = clock;
        this.events = events;
    }

    /**
     * What a job or an import publishes: a {@link ModelVersion} that has no number yet.
     *
     * @param evaluation null where it was imported
     */
    public record Candidate(
            String model,
            Lineage lineage,
            JsonNode summary,
            Encoding encoding,
            Target target,
            @Nullable VersionEvaluation evaluation,
            Artifact artifact,
            Annotations annotations) {}

    /**
     * Makes a name the actor's, within the caller's transaction, unless it is already.
     *
     * @return the model's owner: the actor's, or for one who sees everybody's things whoever has it
     * @throws ProblemException NAME_TAKEN when it is another owner's
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public String claim(String model, Actor actor) {
        models.insertIfAbsent(model, actor.owner());
        String owner = models.owner(model).orElseThrow();
        if (!actor.allOwners() && !owner.equals(actor.owner())) {
            throw ProblemException.nameTaken("model", model);
        }
        return owner;
    }

    /**
     * Adds the next version of a model, within the caller's transaction: the one that ends its job, if it has one. The
     * artifact's bytes must be in the store already.
     *
     * @return the version's number
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int publish(Candidate candidate) {
        // Who makes a version has claimed its name.
        ModelRow model = models.lock(candidate.model()).orElseThrow();
        model.lastVersion++;
        ModelVersionRow row = new ModelVersionRow();
        row.model = candidate.model();
        row.version = model.lastVersion;
        write(candidate.lineage(), row);
        row.summary = json.writeValueAsString(candidate.summary());
        row.encoding = json.writerFor(Encoding.class).writeValueAsString(candidate.encoding());
        row.target = json.writeValueAsString(candidate.target());
        row.evaluation = candidate.evaluation() == null ? null : json.writeValueAsString(candidate.evaluation());
        row.description = requireNonNullElse(candidate.annotations().description(), "");
        row.tags = json.writeValueAsString(
                requireNonNullElse(candidate.annotations().tags(), Map.of()));
        row.artifactSha256 = candidate.artifact().sha256();
        row.artifactBytes = candidate.artifact().bytes();
        // PostgreSQL keeps microseconds.
        row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        versions.saveAndFlush(row);
        return row.version;
    }

    private void write(Lineage lineage, ModelVersionRow row) {
        DatasetReference dataset;
        if (lineage instanceof Lineage.Trained trained) {
            row.jobId = trained.jobId();
            row.seed = trained.seed();
            row.spec = json.writeValueAsString(trained.spec());
            dataset = trained.dataset();
        } else {
            Lineage.Imported imported = (Lineage.Imported) lineage;
            row.importedFile = json.writeValueAsString(imported.file());
            row.spec =
                    imported.network() == null ? null : json.writeValueAsString(Map.of("network", imported.network()));
            dataset = imported.dataset();
        }
        if (dataset != null) {
            row.datasetName = dataset.name();
            row.datasetVersion = dataset.version();
            row.datasetSha256 = dataset.sha256();
        }
    }

    /**
     * Keeps a version from being deleted until a job has ended, from the end of the caller's transaction on.
     *
     * @throws ProblemException NOT_FOUND
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void hold(String model, int version, UUID jobId) {
        // Whoever deletes a version locks its model too.
        models.lock(model);
        numbered(model, version);
        holds.add(model, version, jobId);
    }

    /**
     * A version by its number.
     *
     * @throws ProblemException NOT_FOUND
     */
    public ModelVersion get(String model, int version) {
        return find(model, version)
                .orElseThrow(() -> ProblemException.notFound("model version", model + "/" + version));
    }

    /** A version by its number, unless it has been deleted. */
    public Optional<ModelVersion> find(String model, int version) {
        checkPossible(model);
        return versions.findById(new ModelVersionRow.Key(model, version)).map(this::toVersion);
    }

    /**
     * The newest version of a model.
     *
     * @throws ProblemException NOT_FOUND
     */
    public ModelVersion latest(String model) {
        return get(model, newest(model));
    }

    /**
     * The number of the version that is meant now.
     *
     * @throws ProblemException NOT_FOUND
     */
    public int number(String model, VersionChoice choice) {
        if (choice instanceof VersionChoice.Aliased aliased) {
            return aliased(model, aliased.alias());
        }
        return choice instanceof VersionChoice.Numbered numbered ? numbered(model, numbered.number()) : newest(model);
    }

    /**
     * The number of the newest version of a model.
     *
     * @throws ProblemException NOT_FOUND
     */
    public int newest(String model) {
        checkPossible(model);
        return versions.newest(model).orElseThrow(() -> ProblemException.notFound("model", model));
    }

    /**
     * The numbers of a model's versions, the newest first.
     *
     * @throws ProblemException NOT_FOUND when there are none
     */
    public List<Integer> numbers(String model) {
        checkPossible(model);
        List<Integer> numbers = versions.numbers(model, Limit.of(MAX_VERSIONS_LISTED));
        if (numbers.isEmpty()) {
            throw ProblemException.notFound("model", model);
        }
        return numbers;
    }

    /**
     * The number of the version at which an alias points.
     *
     * @throws ProblemException NOT_FOUND
     */
    public int aliased(String model, String alias) {
        return aliases.get(model, alias, null).version();
    }

    /** The versions at which a model's aliases point, by alias. */
    public Map<String, Integer> aliases(String model) {
        Map<String, Integer> pointing = new LinkedHashMap<>();
        aliases.of(model).forEach(alias -> pointing.put(alias.alias(), alias.version()));
        return pointing;
    }

    /**
     * Points an alias at a version.
     *
     * @param expected at which it must point before; null for wherever it does, 0 for an alias that is new
     * @throws ProblemException NOT_FOUND for the version; ALIAS_MOVED
     */
    public void pointAlias(String model, String alias, int version, @Nullable Integer expected) {
        aliases.move(model, alias, version, expected);
    }

    /**
     * Keeps an alias where it is, and the model's versions from being deleted, until the end of the caller's transaction.
     *
     * @param expected at which it must point; null for wherever it does
     * @return the version at which it points
     * @throws ProblemException NOT_FOUND; ALIAS_MOVED
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int holdAlias(String model, String alias, @Nullable Integer expected) {
        return aliases.hold(model, alias, expected);
    }

    /**
     * Checks that there is a version of that number.
     *
     * @throws ProblemException NOT_FOUND
     */
    public int numbered(String model, int version) {
        checkPossible(model);
        if (!versions.existsById(new ModelVersionRow.Key(model, version))) {
            throw ProblemException.notFound("model version", model + "/" + version);
        }
        return version;
    }

    /** The newest version whose weights are a file of this SHA-256. */
    public Optional<ModelVersion> findByArtifact(String sha256) {
        return versions.findFirstByArtifactSha256OrderByCreatedAtDesc(sha256).map(this::toVersion);
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

    /** A number that changes whenever a version or an alias comes, goes or moves. */
    public long state() {
        return jdbc.sql("select changes from registry_state").query(Long.class).single();
    }

    /** PostgreSQL's text cannot hold U+0000, so it must not be asked for it. */
    public static void checkPossible(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is nothing of that name.");
        }
    }

    /** A model by its name, even when all its versions have been deleted. */
    public Optional<Model> find(String model) {
        checkPossible(model);
        return models.findById(model)
                .filter(row -> row.lastVersion > 0)
                .map(row -> new Model(row.name, row.description, tags(row.tags)));
    }

    /**
     * Changes what people say of a model.
     *
     * @throws ProblemException NOT_FOUND
     */
    @Transactional
    public void annotate(String model, Annotations annotations) {
        checkPossible(model);
        ModelRow row = models.lock(model)
                .filter(known -> known.lastVersion > 0)
                .orElseThrow(() -> ProblemException.notFound("model", model));
        row.description = requireNonNullElse(annotations.description(), row.description);
        row.tags = annotations.tags() == null ? row.tags : json.writeValueAsString(annotations.tags());
    }

    /**
     * Changes what people say of a version.
     *
     * @throws ProblemException NOT_FOUND
     */
    @Transactional
    public ModelVersion annotate(String model, int version, Annotations annotations) {
        checkPossible(model);
        models.lock(model);
        ModelVersionRow row = versions.findById(new ModelVersionRow.Key(model, version))
                .orElseThrow(() -> ProblemException.notFound("model version", model + "/" + version));
        row.description = requireNonNullElse(annotations.description(), row.description);
        row.tags = annotations.tags() == null ? row.tags : json.writeValueAsString(annotations.tags());
        return toVersion(row);
    }

    /**
     * Deletes a version. Its number is not given again; reconciliation deletes its bytes, no earlier than it would those of
     * an attempt that was cut off now.
     *
     * @throws ProblemException NOT_FOUND; VERSION_IN_USE while an alias points at it, a live job uses it, or
     *     another module says so at the {@link VersionDeletion}
     */
    @Transactional
    public void delete(String model, int version) {
        checkPossible(model);
        models.lock(model);
        ModelVersion deleted = get(model, version);
        List<String> pointing = aliases.of(model).stream()
                .filter(alias -> alias.version() == version)
                .map(Alias::alias)
                .toList();
        if (!pointing.isEmpty()) {
            throw new ProblemException(
                    ProblemType.VERSION_IN_USE,
                    "Version " + version + " of " + model + " is what " + String.join(", ", pointing)
                            + " points at: move or remove the alias first.");
        }
        List<UUID> jobs = holds.of(model, version);
        if (!jobs.isEmpty()) {
            throw new ProblemException(
                    ProblemType.VERSION_IN_USE,
                    "Version " + version + " of " + model + " is what job " + jobs.get(0)
                            + " uses: wait for its end, or cancel it.");
        }
        events.publishEvent(new VersionDeletion(model, version));
        versions.deleteById(new ModelVersionRow.Key(model, version));
        artifacts.release(deleted.artifact());
    }

    /** The versions of a model, newest first. */
    public List<ModelVersion> versionsOf(String model, int limit) {
        checkPossible(model);
        return versions.findByModelOrderByVersionDesc(model, Limit.of(limit)).stream()
                .map(this::toVersion)
                .toList();
    }

    /** Names of models that have had a version, in alphabetical order, from the first after {@code after} on. */
    public List<String> names(String after, int limit, Actor actor) {
        checkPossible(after);
        return models.page(after, actor.only(), Limit.of(limit)).stream()
                .map(row -> row.name)
                .toList();
    }

    private Map<String, String> tags(String tags) {
        return json.readValue(tags, new TypeReference<>() {});
    }

    private ModelVersion toVersion(ModelVersionRow row) {
        return new ModelVersion(
                row.model,
                row.version,
                lineage(row),
                json.readTree(row.summary),
                json.readValue(row.encoding, Encoding.class),
                json.readValue(row.target, Target.class),
                row.evaluation == null ? null : shown.readValue(row.evaluation, VersionEvaluation.class),
                new Artifact(row.artifactSha256, row.artifactBytes),
                row.description,
                tags(row.tags),
                row.createdAt);
    }

    private Lineage lineage(ModelVersionRow row) {
        DatasetReference dataset = row.datasetName == null
                ? null
                : new DatasetReference(
                        row.datasetName, requireNonNull(row.datasetVersion), requireNonNull(row.datasetSha256));
        if (row.importedFile != null) {
            ImportedFile file = shown.readValue(row.importedFile, ImportedFile.class);
            return new Lineage.Imported(
                    file,
                    dataset,
                    row.spec == null ? null : json.readTree(row.spec).get("network"));
        }
        return new Lineage.Trained(
                requireNonNull(row.jobId),
                requireNonNull(dataset),
                json.readTree(requireNonNull(row.spec)),
                requireNonNull(row.seed));
    }
}
