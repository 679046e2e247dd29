package io.trainyard.model;

import io.trainyard.access.Usage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Weights of its model versions. */
@Component
class ModelUsage implements Usage {

    private final JdbcClient jdbc;

    ModelUsage(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public long bytes(String owner) {
        return jdbc.sql("""
                        select coalesce(sum(artifact_bytes), 0)
                        from model join model_version on model = name where owner = :owner""").param("owner", owner).query(Long.class).single();
    }
}
