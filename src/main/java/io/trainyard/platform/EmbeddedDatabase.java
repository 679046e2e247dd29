package io.trainyard.platform;

import io.trainyard.file.PrivateFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL of our own under the data directory, for the machine that has none. It is durable: zonky's binaries
 * are made for tests and start with fsync off; here it is on. It listens on the loopback interface and asks for passwords
 * that only this user can read. The program runs as a role that can read and write rows, and no more; the superuser owns
 * the schema and migrates it. Should its process end, it is started again on the same port.
 */
class EmbeddedDatabase implements JdbcConnectionDetails, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
    static final String USER = "trainyard";
    private static final String SUPERUSER = "postgres";
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
    private static final String HBA = """
            # Written by Trainyard.
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;
    private static final String ENCRYPTION = "scram-sha-256";

    private final Path directory;
    private final DataDirectoryLock lock;
    private EmbeddedPostgres postgres;
    private final String superuserPassword;
    private final String password;
    private boolean closed;

    EmbeddedDatabase(Path dataDirectory) {
        this.directory = dataDirectory.toAbsolutePath().normalize();
        try {
            this.lock = DataDirectoryLock.acquire(directory);
            try {
                OrphanedPostmaster.stop(cluster());
                OrphanedPostmaster.awaitBackends(cluster());
                this.superuserPassword = PasswordFile.readOrCreate(superuserPasswordFile());
                this.password = PasswordFile.readOrCreate(passwordFile(directory));
                this.postgres = start(0);
                try {
                    setUp();
                    watch();
                } catch (IOException | SQLException | RuntimeException e) {
                    postgres.close();
                    throw e;
                }
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL could not be started in " + directory, e);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded PostgreSQL could not be set up", e);
        }
    }

    /** Has it started again when its process ends. */
    private void watch() throws IOException {
        OrphanedPostmaster.find(cluster()).ifPresent(process -> {
            Thread watch = new Thread(
                    () -> {
                        process.onExit().join();
                        restart();
                    },
                    "postgres-watch");
            watch.setDaemon(true);
            watch.start();
        });
    }

    private synchronized void restart() {
        if (closed) {
            return;
        }
        log.error("PostgreSQL has ended unexpectedly and is started again");
        int port = postgres.getPort();
        release();
        OrphanedPostmaster.awaitBackends(cluster());
        while (true) {
            try {
                postgres = start(port);
                watch();
                return;
            } catch (IOException | RuntimeException failure) {
                log.warn("PostgreSQL is not started yet: {}", failure.getMessage());
            }
            try {
                wait(RESTART_PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (closed) {
                return;
            }
        }
    }

    private void release() {
        try {
            postgres.close();
        } catch (IOException | RuntimeException gone) {
            log.debug("the PostgreSQL that has ended was not closed", gone);
        }
    }

    /**
     * @param port 0 for any
     */
    private EmbeddedPostgres start(int port) throws IOException {
        Path initialising = directory.resolve("postgres.initialising");
        if (Files.exists(initialising)) {
            // The first start was cut off before anything could be stored.
            FileSystemUtils.deleteRecursively(cluster());
        }
        boolean first = !Files.exists(cluster());
        if (first) {
            PrivateFiles.createDirectories(cluster());
            PrivateFiles.createFile(initialising);
        }
        long begun = System.nanoTime();
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(cluster())
                .setOverrideWorkingDirectory(binaries().toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_WAIT)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("listen_addresses", "localhost")
                // PostgreSQL's own locale is the same on every machine.
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                // These too become options of initdb, where the last one counts: nobody is ever let in without a
                // password.
                .setLocaleConfig("auth", ENCRYPTION)
                .setLocaleConfig("pwfile", superuserPasswordFile().toString())
                .setConnectConfig("password", superuserPassword)
                .start();
        Files.deleteIfExists(initialising);
        log.info(
                "PostgreSQL {} on port {} in {} ms, data in {}",
                first ? "initialised and started" : "started",
                started.getPort(),
                (System.nanoTime() - begun) / 1_000_000,
                cluster());
        return started;
    }

    /** What a new cluster has not got yet, nor one of an earlier release, which may let in everybody of this machine. */
    private void setUp() throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection(getJdbcUrl(), SUPERUSER, superuserPassword);
                Statement statement = connection.createStatement()) {
            // Passwords are encrypted by the driver: the server, and its log, never see them.
            PGConnection roles = connection.unwrap(PGConnection.class);
            Path hba = cluster().resolve("pg_hba.conf");
            if (!Files.readString(hba).equals(HBA)) {
                roles.alterUserPassword(SUPERUSER, superuserPassword.toCharArray(), ENCRYPTION);
                Path written = Files.writeString(cluster().resolve("pg_hba.conf.new"), HBA);
                Files.move(written, hba, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                statement.execute("select pg_reload_conf()");
            }
            statement.execute("""
                    do $$ begin
                        if to_regrole('%1$s') is null then
                            create role %1$s login;
                        end if;
                    end $$""".formatted(USER));
            roles.alterUserPassword(USER, password.toCharArray(), ENCRYPTION);
            statement.execute("revoke temporary on database postgres from public");
        }
    }

    private Path superuserPasswordFile() {
        return directory.resolve("postgres.password");
    }

    static Path passwordFile(Path directory) {
        return directory.resolve("trainyard.password");
    }

    /** The owner of the schema. */
    MigrationRole migrationRole() {
        return new MigrationRole(SUPERUSER, superuserPassword);
    }

    /** zonky lets everybody write into the folder that it unpacks PostgreSQL to; the one around it keeps them out. */
    private Path binaries() throws IOException {
        Path around = Files.createDirectories(directory.resolve("postgres-binaries"));
        Files.setPosixFilePermissions(around, PosixFilePermissions.fromString("rwx------"));
        return Files.createDirectories(around.resolve("unpacked"));
    }

    private Path cluster() {
        return directory.resolve("postgres");
    }

    @Override
    public synchronized String getJdbcUrl() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    @Override
    public String getUsername() {
        return USER;
    }

    @Override
    public String getPassword() {
        return password;
    }

    @Override
    public synchronized void destroy() throws IOException {
        closed = true;
        notifyAll();
        postgres.close();
        lock.close();
        log.info("PostgreSQL stopped");
    }
}
