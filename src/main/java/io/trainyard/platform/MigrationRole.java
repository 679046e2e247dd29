package io.trainyard.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;

/** Who owns and changes the schema of the embedded PostgreSQL, at the address of the data source. */
record MigrationRole(String getUsername, String getPassword) implements FlywayConnectionDetails {

    @Override
    public @Nullable String getJdbcUrl() {
        return null;
    }

    @Override
    public String toString() {
        return getUsername;
    }
}
