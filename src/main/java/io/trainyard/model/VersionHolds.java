package io.trainyard.model;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Versions that live jobs go on from, or predict with. A job's end takes its hold away, in the database. */
@Component
class VersionHolds {

    private final JdbcClient jdbc;

    VersionHolds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(String model, int version, UUID jobId) {
        jdbc.sql("insert into version_hold (job_id, model, version) values (:jobId, :model, :version)")
                .param("jobId", jobId)
                .param("model", model)
                .param("version", version)
                .update();
    }

    /** The jobs that hold a version. */
    List<UUID> of(String model, int version) {
        return jdbc.sql("select job_id from version_hold where model = :model and version = :version order by job_id")
                .param("model", model)
                .param("version", version)
                .query(UUID.class)
                .list();
    }
}
