package io.trainyard;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL that is not the service's own, to be stopped, started and made to hang. */
final class ExternalPostgres implements AutoCloseable {

    private final Path cluster;
    private final int port;
    private EmbeddedPostgres postgres;

    private ExternalPostgres(Path cluster, int port) throws IOException {
        this.cluster = Files.createDirectories(cluster);
        this.port = port;
        this.postgres = run();
    }

    static ExternalPostgres start(Path cluster) throws IOException {
        return new ExternalPostgres(cluster, ServiceProcess.freePort());
    }

    private EmbeddedPostgres run() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    /** Command-line arguments that name it. */
    String[] arguments() {
        return new String[] {"--spring.datasource.url=" + url(), "--spring.datasource.username=postgres"};
    }

    /** The address of its database. */
    String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /** From now on it lets nobody in without this password, which must hold no quotes. */
    void requirePassword(String password) throws IOException, SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter role postgres password '" + password + "'");
            Files.writeString(cluster.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        }
    }

    /** PostgreSQL's immediate shutdown. */
    void stop() throws Exception {
        ProcessHandle postmaster = postmaster();
        Signals.send(postmaster, "QUIT");
        postmaster.onExit().get(30, TimeUnit.SECONDS);
    }

    void startAgain() throws IOException {
        close();
        postgres = run();
    }

    /** Sends a signal to each of its processes. */
    void signal(String signal) throws Exception {
        ProcessHandle postmaster = postmaster();
        for (ProcessHandle process :
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList()) {
            Signals.send(process, signal);
        }
    }

    private ProcessHandle postmaster() throws IOException {
        return Signals.postmaster(cluster);
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException | RuntimeException stopped) {
            System.err.println("PostgreSQL was stopped before: " + stopped.getMessage());
        }
    }
}
