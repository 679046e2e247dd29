package io.trainyard.modelimport;

import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.access.Quotas;
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
import io.trainyard.upload.PartFile;
import io.trainyard.upload.WorkFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The facade of this module. An import is a version or it is nothing: the file is read and the network run once before
 * anything is stored; its bytes are on disk before the version is there.
 */
@Component
@Profile("api")
public class ModelImports {

    private static final Logger log = LoggerFactory.getLogger(ModelImports.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final ImportProperties properties;
    private final ReadingProcess process;
    private final Datasets datasets;
    private final Models models;
    private final Access access;
    private final Quotas quotas;
    private final Artifacts artifacts;
    private final IdempotentRequests requests;
    private final JsonMapper json;
    private final WorkFolders folders;
    private final Semaphore running;

    ModelImports(
            ImportProperties properties,
            ReadingProcess process,
            Datasets datasets,
            Models models,
            Access access,
            Quotas quotas,
            Artifacts artifacts,
            IdempotentRequests requests,
            JsonMapper json,
            WorkFolders folders) {
        this.properties = properties;
        this.process = process;
        this.datasets = datasets;
        this.models = models;
        this.access = access;
        this.quotas = quotas;
        this.artifacts = artifacts;
        this.requests = requests;
        this.json = json;
        this.folders = folders;
        this.running = new Semaphore(properties.maxConcurrent());
    }

    /** What somebody sends; read from the network when it is first asked for. */
    interface Upload {

        /** What the file cannot say. */
        ImportSpec spec();

        PartFile file();
    }

    /**
     * Makes a file the next version of a model.
     *
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @throws ProblemException INVALID_REQUEST, CAPACITY_EXCEEDED, PAYLOAD_TOO_LARGE, or NOT_FOUND for a dataset
     */
    VersionView add(String model, Upload upload, @Nullable String idempotencyKey, Actor actor) {
        Names.check("name", model);
        quotas.checkDisk(actor);
        try {
            return folders.use(folder -> add(model, upload, folder, idempotencyKey, actor));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A file that has come all the way takes a place; a client that sends slowly keeps nobody from one. */
    private <T> T inPlace(Supplier<T> work) {
        if (!running.tryAcquire()) {
            throw new ProblemException(
                    ProblemType.CAPACITY_EXCEEDED,
                    properties.maxConcurrent() + " models are being imported, as many as may be at a time.",
                    List.of(),
                    RETRY,
                    null);
        }
        try {
            return work.get();
        } finally {
            running.release();
        }
    }

    private VersionView add(String model, Upload upload, Path folder, @Nullable String idempotencyKey, Actor actor)
            throws IOException {
        PartFile sent = upload.file();
        if (sent.bytes() > properties.maxFileSize().toBytes()) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "The file has " + sent.bytes() + " bytes; at most "
                            + properties.maxFileSize().toBytes() + " are imported.");
        }
        ImportSpec spec = upload.spec();
        Path file = folder.resolve(ModelReader.UPLOAD);
        sent.moveTo(file);
        String sha256 = new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
        String request = json.writeValueAsString(List.of(model, sent.fileName(), sha256, spec));
        return requests.once(actor.owner(), idempotencyKey, request, VersionView.class, () -> {
            Models.Candidate candidate = inPlace(() -> candidate(model, sent.fileName(), sha256, spec, folder, actor));
            return () -> published(candidate, actor);
        });
    }

    private Models.Candidate candidate(
            String model, String fileName, String sha256, ImportSpec spec, Path folder, Actor actor) {
        // Another's version says nothing to those who have its file.
        Optional<ModelVersion> known =
                models.findByArtifact(sha256).filter(version -> access.sees(actor, Kind.MODEL, version.model()));
        if (spec.dataset() != null) {
            access.checkRead(actor, Kind.DATASET, spec.dataset().name());
        }
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

    private VersionView published(Models.Candidate candidate, Actor actor) {
        models.claim(candidate.model(), actor);
        VersionView version = VersionView.of(models.get(candidate.model(), models.publish(candidate)));
        log.info("imported version {} of model '{}'", version.version(), version.model());
        return version;
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("a model could not be imported", e);
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
