package io.trainyard.dataset;

import io.trainyard.access.Usage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of its datasets. */
@Component
class DatasetUsage implements Usage {

    private final JdbcClient jdbc;

    DatasetUsage(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public long bytes(String owner) {
        return jdbc.sql("""
                        select coalesce(sum(bytes::bigint), 0)
                        from dataset join dataset_version using (name),
                            jsonb_path_query(content, '$.splits.*.*.bytes') as bytes
                        where owner = :owner""").param("owner", owner).query(Long.class).single();
    }
}
