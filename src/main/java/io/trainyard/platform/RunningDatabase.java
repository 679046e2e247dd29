package io.trainyard.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * The embedded PostgreSQL of a service that runs on the same data directory.
 *
 * @param port on which it listens
 */
record RunningDatabase(int port, String getPassword) implements JdbcConnectionDetails {

    /** The line of {@code postmaster.pid} that holds the port, from 0 on. */
    private static final int PORT_LINE = 3;

    static Optional<JdbcConnectionDetails> find(Path dataDirectory) throws IOException {
        Path directory = dataDirectory.toAbsolutePath().normalize();
        Path cluster = directory.resolve("postgres");
        if (OrphanedPostmaster.find(cluster).isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
        String password = PasswordFile.read(EmbeddedDatabase.passwordFile(directory));
        return Optional.of(
                new RunningDatabase(Integer.parseInt(lines.get(PORT_LINE).strip()), password));
    }

    @Override
    public String getJdbcUrl() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    @Override
    public String getUsername() {
        return EmbeddedDatabase.USER;
    }

    @Override
    public String toString() {
        return getJdbcUrl();
    }
}
