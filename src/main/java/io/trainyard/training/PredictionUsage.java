package io.trainyard.training;

import io.trainyard.access.Usage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Files of its batch predictions. */
@Component
class PredictionUsage implements Usage {

    private final JdbcClient jdbc;

    PredictionUsage(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public long bytes(String owner) {
        return jdbc.sql("""
                        select coalesce(sum(bytes), 0)
                        from job join prediction_file on job_id = id where owner = :owner""").param("owner", owner).query(Long.class).single();
    }
}
