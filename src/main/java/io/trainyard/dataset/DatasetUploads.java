package io.trainyard.dataset;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.trainyard.access.Actor;
import io.trainyard.access.Quotas;
import io.trainyard.idempotency.IdempotentRequests;
import io.trainyard.problem.JsonFaults;
import io.trainyard.problem.Names;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.upload.PartFile;
import io.trainyard.upload.Parts;
import io.trainyard.upload.WorkFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes dataset versions of files that are sent. An upload is a version or it is nothing: its rows are on disk before the
 * version is there, and all else that was written is gone when the request has ended.
 */
@Component
@Profile("api")
class DatasetUploads {

    private static final Logger log = LoggerFactory.getLogger(DatasetUploads.class);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final WorkFolders folders;
    private final Ingest<CsvSpec> csv;
    private final Ingest<IdxSpec> idx;
    private final Ingest<ImageFolderSpec> imageFolder;
    private final Datasets datasets;
    private final IdempotentRequests requests;
    private final JsonMapper json;
    private final DatasetProperties properties;
    private final Quotas quotas;
    private final Semaphore running;

    DatasetUploads(
            WorkFolders folders,
            Ingest<CsvSpec> csv,
            Ingest<IdxSpec> idx,
            Ingest<ImageFolderSpec> imageFolder,
            Datasets datasets,
            IdempotentRequests requests,
            JsonMapper json,
            DatasetProperties properties,
            Quotas quotas,
            MeterRegistry meters) {
        this.folders = folders;
        this.csv = csv;
        this.idx = idx;
        this.imageFolder = imageFolder;
        this.datasets = datasets;
        this.requests = requests;
        this.json = json;
        this.properties = properties;
        this.quotas = quotas;
        this.running = new Semaphore(properties.maxConcurrent());
        Gauge.builder(
                        "trainyard.uploads.running",
                        running,
                        turns -> properties.maxConcurrent() - turns.availablePermits())
                .description("Uploads that are being made into dataset versions")
                .register(meters);
        Gauge.builder("trainyard.uploads.waiting", running, Semaphore::getQueueLength)
                .description("Uploads that wait for their turn to be made into dataset versions")
                .register(meters);
    }

    /** A part in its place, so that errors point into it. */
    private record SpecPart(@Nullable IngestSpec spec) {}

    /**
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @throws ProblemException INVALID_DATASET, INVALID_REQUEST, CAPACITY_EXCEEDED
     */
    VersionView add(String name, Parts parts, @Nullable String idempotencyKey, Actor actor) {
        Names.check("name", name);
        quotas.checkDisk(actor);
        try {
            return folders.use(folder -> add(name, parts, folder, idempotencyKey, actor));
        } catch (IOException e) {
            throw new UncheckedIOException("a dataset could not be made", e);
        }
    }

    private VersionView add(String name, Parts parts, Path folder, @Nullable String idempotencyKey, Actor actor)
            throws IOException {
        IngestSpec spec = spec(parts);
        Map<String, UploadedFile> files = files(spec, parts, folder);
        String request = json.writeValueAsString(List.of(name, spec, files.values()));
        return requests.once(actor.owner(), idempotencyKey, request, VersionView.class, () -> {
            Datasets.Candidate candidate = inTurn(() -> candidate(name, actor, spec, files, folder));
            return () -> added(candidate);
        });
    }

    /** A file that has come all the way waits for its turn; a client that sends slowly keeps nobody from one. */
    private <T> T inTurn(Supplier<T> work) {
        try {
            if (!running.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProblemException(
                        ProblemType.CAPACITY_EXCEEDED,
                        properties.maxConcurrent() + " datasets are being made, as many as may be at a time.",
                        List.of(),
                        RETRY,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        try {
            return work.get();
        } finally {
            running.release();
        }
    }

    private IngestSpec spec(Parts parts) {
        String text = parts.spec();
        if (text == null) {
            throw Parts.missing("spec");
        }
        try {
            JsonNode node = json.readTree(text);
            StorableTexts.check("/spec", node);
            IngestSpec spec = json.treeToValue(json.createObjectNode().set("spec", node), SpecPart.class)
                    .spec();
            if (spec == null) {
                throw Parts.missing("spec");
            }
            return spec;
        } catch (JacksonException fault) {
            throw JsonFaults.problem(fault);
        }
    }

    private Map<String, UploadedFile> files(IngestSpec spec, Parts parts, Path folder) throws IOException {
        Map<String, UploadedFile> files = new LinkedHashMap<>();
        List<PartFile> sent = parts.files(spec.parts());
        for (PartFile file : sent) {
            Path path = folder.resolve(file.part() + ".upload");
            file.moveTo(path);
            String sha256 = new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(path);
            files.put(file.part(), new UploadedFile(file.part(), file.fileName(), file.bytes(), sha256, path));
        }
        for (String part : spec.requiredParts().stream().sorted().toList()) {
            if (!files.containsKey(part)) {
                throw Parts.missing(part);
            }
        }
        return files;
    }

    private Datasets.Candidate candidate(
            String name, Actor actor, IngestSpec spec, Map<String, UploadedFile> files, Path folder) {
        try {
            Ingested ingested = ingest(spec, files, folder);
            DatasetContent content = ingested.content();
            Rows train = datasets.open(content, Split.TRAIN);
            int duplicates = DuplicateRows.count(train, datasets.open(content, Split.TEST), folder);
            List<String> warnings = new ArrayList<>(ingested.warnings());
            if (duplicates > 0) {
                warnings.add(duplicates + " of the " + content.split(Split.TEST).rows()
                        + " rows held out have the same features as a training row: metrics on them flatter");
            }
            return new Datasets.Candidate(
                    name,
                    actor,
                    content,
                    new Provenance(spec, List.copyOf(files.values()), warnings, duplicates),
                    Statistics.of(train, content));
        } catch (IOException e) {
            throw new UncheckedIOException("a dataset could not be made", e);
        }
    }

    private Ingested ingest(IngestSpec spec, Map<String, UploadedFile> files, Path folder) throws IOException {
        if (spec instanceof CsvSpec table) {
            return csv.ingest(table, files, folder);
        }
        if (spec instanceof IdxSpec arrays) {
            return idx.ingest(arrays, files, folder);
        }
        return imageFolder.ingest((ImageFolderSpec) spec, files, folder);
    }

    private VersionView added(Datasets.Candidate candidate) {
        VersionView version = datasets.add(candidate);
        log.info("dataset '{}' has version {}", version.name(), version.version());
        return version;
    }
}
