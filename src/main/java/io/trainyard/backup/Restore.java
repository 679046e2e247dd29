package io.trainyard.backup;

import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.StoreAudit;
import io.trainyard.artifact.StoreCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.commons.codec.digest.DigestUtils;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a backup into a service that holds nothing yet: the files first, each verified, then all tables at once. It writes as
 * the role that owns the schema: triggers are off meanwhile, and no other may empty a table.
 */
@Component
@Profile("restore")
class Restore implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Restore.class);

    private final BackupProperties properties;
    private final Tables tables;
    private final Artifacts artifacts;
    private final StoreAudit audit;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    Restore(
            BackupProperties properties,
            Flyway flyway,
            Artifacts artifacts,
            StoreAudit audit,
            JdbcClient jdbc,
            JsonMapper json) {
        this.properties = properties;
        DataSource owner = flyway.getConfiguration().getDataSource();
        this.tables = new Tables(owner);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(owner));
        this.artifacts = artifacts;
        this.audit = audit;
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        Path folder = properties.folder();
        Path file = folder.resolve(Backup.MANIFEST);
        if (!Files.exists(file)) {
            throw new BackupException(
                    folder + " holds no backup that this user may read: there is no " + Backup.MANIFEST + ".");
        }
        Manifest manifest = read(file);
        if (!manifest.schema().equals(tables.schema())) {
            throw new BackupException(
                    "The backup has schema version " + manifest.schema() + " and this release " + tables.schema()
                            + ": restore it with the release that made it, then start this one on the result.");
        }
        if (jdbc.sql("select exists (select from job) or exists (select from dataset_version)")
                .query(Boolean.class)
                .single()) {
            throw new BackupException(
                    "This service holds jobs or datasets already; a backup is restored into an empty one only.");
        }
        checkTables(manifest);
        checkStore();
        StoreCopy.copy(folder.resolve(Backup.FILES), artifacts.dir(), manifest.files(), lost -> {
            throw new BackupException("The backup is damaged: " + lost);
        });
        transaction.executeWithoutResult(status -> load(manifest, folder.resolve(Backup.DATABASE)));
        manifest.lost().forEach(lost -> log.warn("was lost before the backup: {}", lost));
        log.info(
                "restored {} tables and {} files from {}",
                manifest.tables().size(),
                manifest.files().size(),
                folder);
    }

    private Manifest read(Path file) throws IOException {
        try {
            return json.readValue(Files.readString(file), Manifest.class);
        } catch (JacksonException e) {
            throw new BackupException("The backup is damaged, or of a later release: " + Backup.MANIFEST
                    + " cannot be read: " + e.getOriginalMessage());
        }
    }

    /** Their names become part of statements, and a manifest may come from anybody. */
    private void checkTables(Manifest manifest) {
        List<String> known = tables.inOrder();
        for (Manifest.TableCopy table : manifest.tables()) {
            if (!known.contains(table.name())) {
                throw new BackupException(
                        "The backup is not one of this service: it has a table '" + table.name() + "'.");
            }
        }
    }

    /** Another service's files would be taken for ones that nothing needs, and deleted. */
    private void checkStore() {
        Set<String> others = audit.stored();
        if (!others.isEmpty()) {
            throw new BackupException("The artifact folder " + artifacts.dir() + " holds files already, such as "
                    + others.iterator().next() + ": empty it, or set TRAINYARD_ARTIFACTS_DIR to another.");
        }
    }

    private static void verify(Path file, String sha256) throws IOException {
        String actual = new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
        if (!actual.equals(sha256)) {
            throw new BackupException("The backup is damaged: " + file + " has the checksum " + actual);
        }
    }

    private void load(Manifest manifest, Path folder) {
        tables.empty(manifest.tables().stream().map(Manifest.TableCopy::name).toList());
        for (Manifest.TableCopy table : manifest.tables()) {
            try {
                Path file = folder.resolve(Tables.fileName(table.name()));
                verify(file, table.sha256());
                long rows = tables.load(table.name(), file);
                if (rows != table.rows()) {
                    throw new BackupException("The backup is damaged: table " + table.name() + " has " + rows
                            + " rows instead of " + table.rows());
                }
            } catch (NoSuchFileException e) {
                throw new BackupException("The backup is damaged: " + e.getFile() + " is missing");
            } catch (AccessDeniedException e) {
                throw new BackupException(e.getFile() + " is not for this user to read.");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException("table " + table.name() + " could not be read: " + e.getMessage(), e);
            }
        }
    }
}
