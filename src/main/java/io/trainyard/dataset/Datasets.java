package io.trainyard.dataset;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trainyard.access.Actor;
import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Reference;
import io.trainyard.encoding.Encoding;
import io.trainyard.json.StoredJson;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: dataset versions by name, and their rows. */
@Component
public class Datasets {

    private static final Logger log = LoggerFactory.getLogger(Datasets.class);
    /** Splits that stay mapped after somebody has looked at their rows, and for how long. */
    private static final int MOST_LOOKED = 20;

    /** Versions of a dataset. */
    private static final int MOST_LISTED = 500;

    /** Of a page of rows, so that none fills the memory. */
    private static final int MOST_VALUES = 10_000_000;

    private static final Duration LOOKED = Duration.ofMinutes(5);

    private final DatasetVersionRows versions;
    private final Map<String, BuiltInDataset> builtIns;
    private final Map<String, Object> ingestLocks = new ConcurrentHashMap<>();
    private final Cache<Look, Rows> looked = Caffeine.newBuilder()
            .maximumSize(MOST_LOOKED)
            .expireAfterAccess(LOOKED)
            .build();
    private final Artifacts artifacts;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final JsonMapper shown;
    private final Clock clock;

    Datasets(
            DatasetVersionRows versions,
            List<BuiltInDataset> builtIns,
            Artifacts artifacts,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            JsonMapper json,
            Clock clock) {
        this.versions = versions;
        this.builtIns = builtIns.stream().collect(Collectors.toMap(BuiltInDataset::name, Function.identity()));
        this.artifacts = artifacts;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
        this.shown = StoredJson.shown(json);
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
     * Keeps a version from being deleted until the caller's transaction ends, in which it is referred to.
     *
     * @throws ProblemException NOT_FOUND when it was deleted meanwhile
     */
    public void hold(UUID id) {
        if (jdbc.sql("select id from dataset_version where id = :id for key share")
                .param("id", id)
                .query(UUID.class)
                .list()
                .isEmpty()) {
            throw ProblemException.notFound("dataset version", id);
        }
    }

    /**
     * The rows of a split, after its files' checksums were verified.
     *
     * @throws ProblemException ARTIFACT_DAMAGED
     */
    public Rows open(DatasetVersion version, Split split) {
        return open(version.encoding(), version.split(split));
    }

    private Rows open(Encoding encoding, SplitContent content) {
        try {
            return new Rows(
                    Idx.map(artifacts.verified(content.features())),
                    Idx.map(artifacts.verified(content.labels())),
                    encoding);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a split of what may become a version. */
    Rows open(DatasetContent content, Split split) {
        return open(content.encoding(), content.split(split));
    }

    /** What an upload adds: a version that has no number yet. */
    record Candidate(String name, Actor actor, DatasetContent content, Provenance provenance, Statistics statistics) {}

    /** Adds a version, within the caller's transaction; its files are stored already. */
    VersionView add(Candidate candidate) {
        // A built-in dataset has number 1 for itself, also before it is first used.
        int first = builtIns.containsKey(candidate.name()) ? 2 : 1;
        Actor actor = candidate.actor();
        int number = jdbc.sql("""
                        insert into dataset as known (name, owner, versions) values (:name, :owner, :first)
                        on conflict (name) do update set versions = known.versions + 1
                        where :all or known.owner = :owner returning versions""")
                .param("name", candidate.name())
                .param("owner", first == 1 ? actor.owner() : null)
                .param("all", actor.allOwners())
                .param("first", first)
                .query(Integer.class)
                .optional()
                .orElseThrow(() -> ProblemException.nameTaken("dataset", candidate.name()));
        DatasetVersionRow row = row(candidate.name(), number, candidate.content());
        row.provenance = json.writeValueAsString(candidate.provenance());
        row.statistics = json.writeValueAsString(candidate.statistics());
        return view(versions.saveAndFlush(row));
    }

    /**
     * Deletes a version. Its files go when nothing needs them any more and they are old enough.
     *
     * @throws ProblemException NOT_FOUND, DATASET_IN_USE
     */
    @Transactional
    void delete(String name, int version) {
        DatasetVersionRow row = versions.findByNameAndVersion(name, version)
                .orElseThrow(() -> ProblemException.notFound("dataset version", name + "/" + version));
        try {
            versions.delete(row);
            versions.flush();
        } catch (DataIntegrityViolationException referred) {
            throw new ProblemException(
                    ProblemType.DATASET_IN_USE,
                    "A job or a model version refers to " + name + " version " + version
                            + ", and what was made of it can be explained by it alone.",
                    List.of(),
                    null,
                    referred);
        }
        // Other versions may hold the same files; the audit looks before it deletes any.
        files(toVersion(row)).forEach(artifacts::release);
    }

    /** What clients see of a version; of a built-in one it is made on first use. */
    public VersionView view(String name, int version) {
        DatasetVersion found = resolve(name, version);
        DatasetVersionRow row = versions.findById(found.id())
                .orElseThrow(() -> ProblemException.notFound("dataset version", name + "/" + version));
        if (row.statistics == null) {
            // A built-in one that an earlier release has made.
            DatasetContent content = json.readValue(row.content, DatasetContent.class);
            row.statistics = json.writeValueAsString(Statistics.of(open(content, Split.TRAIN), content));
            // Not by saving the row, which may be deleted meanwhile.
            jdbc.sql("update dataset_version set statistics = cast(:statistics as jsonb) where id = :id")
                    .param("statistics", row.statistics)
                    .param("id", row.id)
                    .update();
        }
        return view(row);
    }

    /**
     * A page of the rows of a split, to be looked at; of large rows fewer than {@code limit}. Their checksums are verified at
     * the first look, not at each page.
     *
     * @param label the one class that is wanted; null for all
     * @throws ProblemException NOT_FOUND, ARTIFACT_DAMAGED
     * @throws InvalidFieldException when the offset is negative, there is no such class, or pictures are asked for and rows are none
     */
    public RowPage rows(
            DatasetVersion version, Split split, @Nullable String label, int offset, int limit, boolean images) {
        if (offset < 0) {
            throw new InvalidFieldException("offset", "must not be negative, was " + offset);
        }
        int wanted = label == null ? -1 : version.target().classes().indexOf(label);
        if (label != null && wanted < 0) {
            throw new InvalidFieldException("label", "is no class of " + version.name() + ", was '" + label + "'");
        }
        Rows rows = look(version, split);
        int most = Math.min(limit, Math.max(1, MOST_VALUES / rows.rawSize()));
        IntStream chosen = label == null
                ? IntStream.range(offset, (int) Math.max(offset, Math.min(rows.count(), (long) offset + most)))
                : IntStream.range(0, rows.count())
                        .filter(row -> rows.target(row) == wanted)
                        .skip(offset)
                        .limit(most);
        return new RowPage(
                label == null
                        ? rows.count()
                        : version.split(split).classCounts().get(wanted),
                offset,
                chosen.mapToObj(row -> RowPage.RowView.of(version, rows, row, images))
                        .toList());
    }

    /**
     * The rows of a split, to be looked at: their checksums are verified at the first look, not at each.
     *
     * @throws ProblemException NOT_FOUND, ARTIFACT_DAMAGED
     */
    public Rows look(DatasetVersion version, Split split) {
        return looked.get(new Look(version.id(), split), look -> open(version, split));
    }

    private record Look(UUID version, Split split) {}

    /**
     * Datasets by name, a built-in one that nobody used yet among them.
     *
     * @param after the name before the first; null for all
     */
    public List<DatasetView> page(@Nullable String after, int limit, Actor actor) {
        return names(actor).stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .limit(limit)
                .map(this::shown)
                .toList();
    }

    /**
     * One dataset with its versions, newest first, without what is long.
     *
     * @throws ProblemException NOT_FOUND
     */
    public DatasetView dataset(String name) {
        if (!names().contains(name)) {
            throw ProblemException.notFound("dataset", name);
        }
        return shown(name);
    }

    private DatasetView shown(String name) {
        return new DatasetView(
                name,
                description(name),
                versions.findByNameOrderByVersionDesc(name, Limit.of(MOST_LISTED)).stream()
                        .map(row -> VersionView.listed(toVersion(row)))
                        .toList());
    }

    private VersionView view(DatasetVersionRow row) {
        return VersionView.of(
                toVersion(row),
                row.provenance == null ? null : shown.readValue(row.provenance, Provenance.class),
                row.statistics == null ? null : shown.readValue(row.statistics, Statistics.class));
    }

    private DatasetVersionRow row(String name, int version, DatasetContent content) {
        String written = json.writeValueAsString(content);
        return new DatasetVersionRow(
                UUID.randomUUID(), name, version, DigestUtils.sha256Hex(written), written, clock.instant());
    }

    private static Stream<Artifact> files(DatasetVersion version) {
        return version.splits().values().stream().flatMap(split -> Stream.of(split.features(), split.labels()));
    }

    /** The files of all versions. */
    public List<Reference> references() {
        return versions.findAll().stream()
                .map(this::toVersion)
                .flatMap(version -> files(version)
                        .map(file -> artifacts.reference(
                                "dataset " + version.name() + " version " + version.version(), file)))
                .toList();
    }

    /** Names of what the actor sees, a built-in one that nobody used yet among them. */
    public SortedSet<String> names(Actor actor) {
        SortedSet<String> names = names();
        String owner = actor.only();
        if (owner != null) {
            names.retainAll(versions.findNames(owner));
            names.addAll(builtIns.keySet());
        }
        return names;
    }

    private SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(builtIns.keySet());
        names.addAll(versions.findNames());
        return names;
    }

    /** What a dataset is: as the sender of its newest version says, or of a built-in one as this program does. */
    private @Nullable String description(String name) {
        return versions.findFirstByNameOrderByVersionDesc(name)
                .map(row -> row.provenance)
                .map(provenance ->
                        shown.readValue(provenance, Provenance.class).spec().description())
                .orElseGet(() -> {
                    BuiltInDataset builtIn = builtIns.get(name);
                    return builtIn == null ? null : builtIn.description();
                });
    }

    private DatasetVersion create(BuiltInDataset builtIn) {
        synchronized (ingestLocks.computeIfAbsent(builtIn.name(), name -> new Object())) {
            var made = versions.findByNameAndVersion(builtIn.name(), 1);
            if (made.isPresent()) {
                return toVersion(made.get());
            }
            log.info("making the built-in dataset '{}'", builtIn.name());
            DatasetContent content = builtIn.ingest();
            DatasetVersionRow row = row(builtIn.name(), 1, content);
            row.statistics = json.writeValueAsString(Statistics.of(open(content, Split.TRAIN), content));
            try {
                return toVersion(Objects.requireNonNull(transaction.execute(status -> {
                    jdbc.sql("insert into dataset (name, versions) values (:name, 1) on conflict do nothing")
                            .param("name", builtIn.name())
                            .update();
                    return versions.saveAndFlush(row);
                })));
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
