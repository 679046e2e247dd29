package io.trainyard.platform;

import io.trainyard.file.PrivateFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL of our own under the data directory, for the machine that has none. It is durable: zonky's binaries
 * are made for tests and start with fsync off; here it is on. It listens on the loopback interface and asks for a
 * password that only this user can read. Should its process end, it is started again on the same port.
 */
class EmbeddedDatabase implements JdbcConnectionDetails, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
    static final String USER = "postgres";
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
    private static final int PASSWORD_BYTES = 24;
    private static final String HBA = """
            # Written by Trainyard.
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final Path directory;
    private final DataDirectoryLock lock;
    private EmbeddedPostgres postgres;
    private final String password;
    private boolean closed;

    EmbeddedDatabase(Path dataDirectory) {
        this.directory = dataDirectory.toAbsolutePath().normalize();
        try {
            this.lock = DataDirectoryLock.acquire(directory);
            try {
                OrphanedPostmaster.stop(cluster());
                OrphanedPostmaster.awaitBackends(cluster());
                this.password = password();
                this.postgres = start(0);
                try {
                    secure();
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
                .setOverrideWorkingDirectory(Files.createDirectories(directory.resolve("postgres-binaries"))
                        .toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_WAIT)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("unix_socket_directories", "")
                // PostgreSQL's own locale is the same on every machine.
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setConnectConfig("password", password)
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

    /** The first start lets everybody in from this machine; from here on a password is asked for. */
    private void secure() throws IOException, SQLException {
        Path hba = cluster().resolve("pg_hba.conf");
        if (Files.readString(hba).equals(HBA)) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(getJdbcUrl(), USER, password);
                Statement statement = connection.createStatement()) {
            // The password is hexadecimal: it needs no quoting.
            statement.execute("alter role " + USER + " password '" + password + "'");
            Path written = Files.writeString(cluster().resolve("pg_hba.conf.new"), HBA);
            Files.move(written, hba, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            statement.execute("select pg_reload_conf()");
        }
    }

    private String password() throws IOException {
        Path file = directory.resolve("postgres.password");
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Path written = Files.createTempFile(
                    directory,
                    "postgres",
                    ".password",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(written, HexFormat.of().formatHex(random));
            Files.move(written, file);
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
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
