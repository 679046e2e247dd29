package io.trainyard.backup;

import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.DurableFile;
import io.trainyard.artifact.Reference;
import io.trainyard.artifact.StoreCopy;
import io.trainyard.dataset.Datasets;
import io.trainyard.file.PrivateFiles;
import io.trainyard.model.Models;
import io.trainyard.training.BatchPredictions;
import io.trainyard.training.TrainingJobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Writes a backup: all tables as of one moment, then the files that they name, each verified. */
@Component
@Profile("backup")
class Backup implements ApplicationRunner {

    static final String MANIFEST = "manifest.json";
    static final String DATABASE = "database";
    static final String FILES = "artifacts";

    private static final Logger log = LoggerFactory.getLogger(Backup.class);

    private final BackupProperties properties;
    private final Tables tables;
    private final Artifacts artifacts;
    private final Datasets datasets;
    private final Models models;
    private final TrainingJobs jobs;
    private final BatchPredictions predictions;
    private final TransactionTemplate snapshot;
    private final JsonMapper json;
    private final Clock clock;

    Backup(
            BackupProperties properties,
            DataSource dataSource,
            Artifacts artifacts,
            Datasets datasets,
            Models models,
            TrainingJobs jobs,
            BatchPredictions predictions,
            PlatformTransactionManager transactions,
            JsonMapper json,
            Clock clock) {
        this.properties = properties;
        this.tables = new Tables(dataSource);
        this.artifacts = artifacts;
        this.datasets = datasets;
        this.models = models;
        this.jobs = jobs;
        this.predictions = predictions;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.json = json;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        Path folder = properties.folder();
        if (Files.exists(folder.resolve(MANIFEST))) {
            throw new BackupException(folder + " holds a backup already; name another folder.");
        }
        makeFolder(folder);
        List<Reference> permanent = new ArrayList<>();
        Manifest manifest = Objects.requireNonNull(snapshot.execute(status -> {
            Stream.of(datasets.references(), models.references(), predictions.references())
                    .flatMap(Collection::stream)
                    .distinct()
                    .forEach(permanent::add);
            return copyTables(folder);
        }));
        List<Reference> copied = new ArrayList<>(manifest.files());
        List<String> lost = new ArrayList<>();
        copied.addAll(StoreCopy.copy(artifacts.dir(), folder.resolve(FILES), permanent, lost::add));
        Manifest complete =
                new Manifest(manifest.createdAt(), manifest.schema(), manifest.tables(), List.copyOf(copied), lost);
        // Last: a folder without it is no backup.
        byte[] written = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(complete);
        DurableFile.write(folder, MANIFEST, out -> out.write(written));
        log.info(
                "backed up {} tables and {} files to {}",
                complete.tables().size(),
                complete.files().size(),
                folder);
        if (!lost.isEmpty()) {
            throw new BackupException("The backup is as whole as the service is: " + String.join("; ", lost));
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        try {
            PrivateFiles.createDirectories(folder.resolve(DATABASE));
        } catch (FileSystemException e) {
            throw new BackupException("The folder " + folder + " cannot be made ("
                    + e.getClass().getSimpleName() + "); name one where the user who runs this may write.");
        }
    }

    private Manifest copyTables(Path folder) {
        try {
            String schema = tables.schema();
            // First: a job deletes its checkpoints while we copy. One that is gone leaves its row out, and the job will
            // go on from the one before, or begin again.
            List<Reference> checkpoints = StoreCopy.copy(
                    artifacts.dir(), folder.resolve(FILES), jobs.references(), gone -> log.debug("{}", gone));
            String kept = "'checkpoints/' || job_id || '/' || file in ('"
                    + checkpoints.stream().map(Reference::path).collect(Collectors.joining("', '")) + "')";
            List<Manifest.TableCopy> copies = new ArrayList<>();
            for (String table : tables.inOrder()) {
                copies.add(tables.save(table, table.equals("checkpoint") ? kept : "true", folder.resolve(DATABASE)));
            }
            return new Manifest(clock.instant(), schema, copies, checkpoints, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
