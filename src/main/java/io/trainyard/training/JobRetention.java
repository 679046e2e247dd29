package io.trainyard.training;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes jobs, and logs of jobs, that were kept for long enough after their end. */
@Component
class JobRetention {

    /** Rows of one statement, so that none holds locks for long. */
    private static final int BATCH = 1000;

    private final RetentionProperties properties;
    private final JdbcClient jdbc;
    private final DatabaseClock clock;

    JobRetention(RetentionProperties properties, JdbcClient jdbc) {
        this.properties = properties;
        this.jdbc = jdbc;
        this.clock = new DatabaseClock(jdbc);
    }

    ExpiredJobs run() {
        return new ExpiredJobs(
                inBatches(properties.jobs(), this::deleteJobs), inBatches(properties.logs(), this::deleteLogLines));
    }

    private long inBatches(@Nullable Duration age, ToIntFunction<Timestamp> deletion) {
        if (age == null) {
            return 0;
        }
        Timestamp before = Timestamp.from(clock.now().minus(age));
        long all = 0;
        int rows;
        do {
            rows = deletion.applyAsInt(before);
            all += rows;
        } while (rows == BATCH);
        return all;
    }

    /** A version's job stays: it is where the version comes from. */
    private int deleteJobs(Timestamp before) {
        return jdbc.sql("""
                        delete from job where id in (
                            select id from job
                            where finished_at < :before
                                and not exists (select from model_version where job_id = job.id)
                            limit :batch)""").param("before", before).param("batch", BATCH).update();
    }

    private int deleteLogLines(Timestamp before) {
        return jdbc.sql("""
                        delete from job_log where id in (
                            select line.id from job join job_log as line on line.job_id = job.id
                            where job.finished_at < :before limit :batch)""").param("before", before).param("batch", BATCH).update();
    }
}
