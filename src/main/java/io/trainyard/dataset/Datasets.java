package io.trainyard.dataset;

import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Reference;
import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: dataset versions by name, and their rows. */
@Component
public class Datasets {

    private static final Logger log = LoggerFactory.getLogger(Datasets.class);

    private final DatasetVersionRows versions;
    private final Map<String, BuiltInDataset> builtIns;
    private final Map<String, Object> ingestLocks = new ConcurrentHashMap<>();
    private final Artifacts artifacts;
    private final JsonMapper json;
    private final Clock clock;

    Datasets(
            DatasetVersionRows versions,
            List<BuiltInDataset> builtIns,
            Artifacts artifacts,
            JsonMapper json,
            Clock clock) {
        this.versions = versions;
        this.builtIns = builtIns.stream().collect(Collectors.toMap(BuiltInDataset::name, Function.identity()));
        this.artifacts = artifacts;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A version of a dataset; a built-in one is made on first use, which can take as long as its download.
     *
     * @param version null for the newest
     * @throws ProblemException NOT_FOUND, or DATASET_UNAVAILABLE when a built-in one cannot be made
     */
    public DatasetVersion resolve(String name, @Nullable Integer version) {
        var found = version == null
                ? versions.findFirstByNameOrderByVersionDesc(name)
                : versions.findByNameAndVersion(name, version);
        if (found.isPresent()) {
            return toVersion(found.get());
        }
        BuiltInDataset builtIn = builtIns.get(name);
        if (builtIn != null && (version == null || version == 1)) {
            return create(builtIn);
        }
        throw version == null
                ? ProblemException.notFound("dataset", name)
                : ProblemException.notFound("dataset version", name + "/" + version);
    }

    /** A version by its id, as jobs and models refer to it. */
    public DatasetVersion get(UUID id) {
        return toVersion(versions.findById(id).orElseThrow(() -> ProblemException.notFound("dataset version", id)));
    }

    /**
     * The rows of a split, after its files' checksums were verified.
     *
     * @throws ProblemException ARTIFACT_DAMAGED
     */
    public Rows open(DatasetVersion version, Split split) {
        SplitContent content = version.split(split);
        try {
            return new Rows(
                    Idx.map(artifacts.verified(content.features())),
                    Idx.map(artifacts.verified(content.labels())),
                    version.encoding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of all versions. */
    public List<Reference> references() {
        return versions.findAll().stream()
                .map(this::toVersion)
                .flatMap(version -> Arrays.stream(Split.values())
                        .map(version::split)
                        .flatMap(split -> Stream.of(split.features(), split.labels()))
                        .map(file -> artifacts.reference(
                                "dataset " + version.name() + " version " + version.version(), file)))
                .toList();
    }

    /** All names, with the versions of each, newest first; a built-in one that nobody used yet has none. */
    Map<String, List<DatasetVersion>> all() {
        Map<String, List<DatasetVersion>> all = new TreeMap<>();
        builtIns.keySet().forEach(name -> all.put(name, List.of()));
        versions.findAll().stream().map(row -> row.name).distinct().forEach(name -> all.put(name, versionsOf(name)));
        return all;
    }

    /** The versions of a dataset, newest first. */
    List<DatasetVersion> versionsOf(String name) {
        return versions.findByNameOrderByVersionDesc(name).stream()
                .map(this::toVersion)
                .toList();
    }

    /** What a built-in dataset is, or null for a user's. */
    @Nullable
    String description(String name) {
        BuiltInDataset builtIn = builtIns.get(name);
        return builtIn == null ? null : builtIn.description();
    }

    private DatasetVersion create(BuiltInDataset builtIn) {
        synchronized (ingestLocks.computeIfAbsent(builtIn.name(), name -> new Object())) {
            var made = versions.findByNameAndVersion(builtIn.name(), 1);
            if (made.isPresent()) {
                return toVersion(made.get());
            }
            log.info("making the built-in dataset '{}'", builtIn.name());
            String content = json.writeValueAsString(builtIn.ingest());
            DatasetVersionRow row = new DatasetVersionRow(
                    UUID.randomUUID(), builtIn.name(), 1, DigestUtils.sha256Hex(content), content, clock.instant());
            try {
                return toVersion(versions.saveAndFlush(row));
            } catch (DataIntegrityViolationException madeByAnotherProcess) {
                return toVersion(
                        versions.findByNameAndVersion(builtIn.name(), 1).orElseThrow(() -> madeByAnotherProcess));
            }
        }
    }

    private DatasetVersion toVersion(DatasetVersionRow row) {
        DatasetContent content = json.readValue(row.content, DatasetContent.class);
        return new DatasetVersion(
                row.id,
                row.name,
                row.version,
                row.sha256,
                content.encoding(),
                content.target(),
                content.splits(),
                row.createdAt);
    }
}
