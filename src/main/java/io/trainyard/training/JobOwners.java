package io.trainyard.training;

import io.trainyard.access.Kind;
import io.trainyard.access.Owner;
import io.trainyard.access.Owners;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Jobs of every kind, by their ids. */
@Component
class JobOwners implements Owners {

    private final JdbcClient jdbc;

    JobOwners(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Kind kind() {
        return Kind.JOB;
    }

    @Override
    public Optional<Owner> of(String id) {
        try {
            return jdbc.sql("select owner from job where id = :id")
                    .param("id", UUID.fromString(id))
                    .query((row, number) -> new Owner(row.getString("owner")))
                    .optional();
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }
}
