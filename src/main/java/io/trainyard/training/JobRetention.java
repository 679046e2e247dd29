package io.trainyard.training;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes jobs, and logs of jobs, that were kept for long enough after their end. */
@Component
class JobRetention {

    /** Jobs of one statement, so that none holds locks for long. */
    private static final int BATCH = 200;

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
                deleted(
                        properties.jobs(),
                        "delete from job where id in (:jobs)"
                                // A version's job stays: it is where the version comes from.
                                + " and not exists (select from model_version where job_id = job.id)"),
                deleted(properties.logs(), "delete from job_log where job_id in (:jobs)"));
    }

    /** Goes once through the jobs that are old enough, from the oldest on. */
    private long deleted(@Nullable Duration age, String deletion) {
        long deleted = 0;
        if (age != null) {
            Timestamp before = Timestamp.from(clock.now().minus(age));
            List<Ended> page = after(Ended.FIRST, before);
            while (!page.isEmpty()) {
                deleted += jdbc.sql(deletion)
                        .param("jobs", page.stream().map(Ended::id).toList())
                        .update();
                page = after(page.get(page.size() - 1), before);
            }
        }
        return deleted;
    }

    private List<Ended> after(Ended last, Timestamp before) {
        return jdbc.sql("""
                        select id, finished_at from job
                        where finished_at < :before and (finished_at, id) > (:at, :id)
                        order by finished_at, id limit :batch""")
                .param("before", before)
                .param("at", Timestamp.from(last.finishedAt()))
                .param("id", last.id())
                .param("batch", BATCH)
                .query((row, number) -> new Ended(
                        row.getObject("id", UUID.class),
                        row.getTimestamp("finished_at").toInstant()))
                .list();
    }

    private record Ended(UUID id, Instant finishedAt) {

        static final Ended FIRST = new Ended(new UUID(0, 0), Instant.EPOCH);
    }
}
