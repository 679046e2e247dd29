package io.trainyard.modelimport;

import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.dataset.Datasets;
import io.trainyard.idempotency.IdempotentRequests;
import io.trainyard.model.ImportedFile;
import io.trainyard.model.Lineage;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.VersionView;
import io.trainyard.problem.Names;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The facade of this module. An import is a version or it is nothing: the file is read and the network run once before
 * anything is stored; its bytes are on disk before the version is there.
 */
@Component
@Profile("api")
public class ModelImports implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(ModelImports.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** Longer than any import takes. */
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);

    private final ImportProperties properties;
    private final ReadingProcess process;
    private final Datasets datasets;
    private final Models models;
    private final Artifacts artifacts;
    private final IdempotentRequests requests;
    private final JsonMapper json;
    private final Clock clock;
    private final Semaphore running;

    ModelImports(
            ImportProperties properties,
            ReadingProcess process,
            Datasets datasets,
            Models models,
            Artifacts artifacts,
            IdempotentRequests requests,
            JsonMapper json,
            Clock clock) {
        this.properties = properties;
        this.process = process;
        this.datasets = datasets;
        this.models = models;
        this.artifacts = artifacts;
        this.requests = requests;
        this.json = json;
        this.clock = clock;
        this.running = new Semaphore(properties.maxConcurrent());
    }

    /** What somebody sends; read only once there is room for it. */
    interface Upload {

        /** What the file cannot say. */
        ImportSpec spec();

        /** As its sender calls it. */
        String fileName();

        /** Writes the file's bytes. */
        void saveTo(Path file) throws IOException;
    }

    /** Folders of a process that was killed. */
    @Override
    public void afterPropertiesSet() throws IOException {
        if (Files.isDirectory(properties.dir())) {
            try (Stream<Path> folders = Files.list(properties.dir())) {
                for (Path folder : folders.toList()) {
                    deleteOld(folder);
                }
            }
        }
    }

    private void deleteOld(Path folder) throws IOException {
        try {
            if (Files.getLastModifiedTime(folder)
                    .toInstant()
                    .isBefore(clock.instant().minus(LEFT_BEHIND))) {
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (NoSuchFileException gone) {
            // Another process on the same folder was faster, or has finished an import.
            log.debug("{} is gone", folder);
        }
    }

    /**
     * Makes a file the next version of a model.
     *
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @throws ProblemException INVALID_REQUEST, CAPACITY_EXCEEDED, PAYLOAD_TOO_LARGE, or NOT_FOUND for a dataset
     */
    VersionView add(String model, Upload upload, @Nullable String idempotencyKey) {
        Names.check("name", model);
        if (!running.tryAcquire()) {
            throw new ProblemException(
                    ProblemType.CAPACITY_EXCEEDED,
                    properties.maxConcurrent() + " models are being imported, as many as may be at a time.",
                    List.of(),
                    RETRY,
                    null);
        }
        try {
            Path folder = Files.createDirectories(
                    properties.dir().resolve(UUID.randomUUID().toString()));
            try {
                return add(model, upload, folder, idempotencyKey);
            } finally {
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            running.release();
        }
    }

    private VersionView add(String model, Upload upload, Path folder, @Nullable String idempotencyKey)
            throws IOException {
        ImportSpec spec = upload.spec();
        Path file = folder.resolve(ModelReader.UPLOAD);
        upload.saveTo(file);
        String sha256 = new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
        String request = json.writeValueAsString(List.of(model, upload.fileName(), sha256, spec));
        return requests.once(idempotencyKey, request, VersionView.class, () -> {
            Models.Candidate candidate = candidate(model, upload.fileName(), sha256, spec, folder);
            return () -> published(candidate);
        });
    }

    private Models.Candidate candidate(String model, String fileName, String sha256, ImportSpec spec, Path folder) {
        Optional<ModelVersion> known = models.findByArtifact(sha256);
        Meaning meaning = meaning(spec, known);
        try {
            Outcome.Facts facts = process.read(folder, meaning.inputShape());
            long bytes = Files.size(folder.resolve(ModelReader.UPLOAD));
            return new Models.Candidate(
                    model,
                    new Lineage.Imported(
                            new ImportedFile(facts.format(), fileName, sha256, bytes),
                            meaning.dataset(),
                            network(facts, known)),
                    known.map(ModelVersion::summary).orElse(facts.summary()),
                    meaning.encoding(facts),
                    meaning.target(facts),
                    null,
                    stored(folder),
                    spec.annotations());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private VersionView published(Models.Candidate candidate) {
        VersionView version = VersionView.of(models.get(candidate.model(), models.publish(candidate)));
        log.info("imported version {} of model '{}'", version.version(), version.model());
        return version;
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("a model could not be imported by way of " + properties.dir(), e);
    }

    private Meaning meaning(ImportSpec spec, Optional<ModelVersion> known) {
        if (spec.dataset() != null) {
            return Meaning.of(
                    spec, datasets.resolve(spec.dataset().name(), spec.dataset().version()));
        }
        return known.map(version -> Meaning.of(spec, version)).orElse(Meaning.of(spec));
    }

    private @Nullable JsonNode network(Outcome.Facts facts, Optional<ModelVersion> known) {
        return facts.network() != null
                ? json.valueToTree(facts.network())
                : known.map(version -> version.lineage().network()).orElse(null);
    }

    private Artifact stored(Path folder) {
        return artifacts.put(out -> Files.copy(folder.resolve(ModelReader.NETWORK), out));
    }
}
