package io.trainyard.observability;

import io.trainyard.json.StoredJson;
import io.trainyard.observability.Fleet.JobState;
import io.trainyard.observability.Fleet.LastReconciliation;
import io.trainyard.observability.Fleet.WorkerSamples;
import io.trainyard.training.JobKind;
import io.trainyard.training.JobStatus;
import io.trainyard.training.Workers;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what all processes share out of the database, when somebody asks, at most every two seconds. What is read is bounded by
 * what is live: of jobs that have ended those are counted that have done so since the process began.
 */
@Component
@Profile("api")
class FleetFigures {

    private static final Logger log = LoggerFactory.getLogger(FleetFigures.class);
    private static final Duration MAX_AGE = Duration.ofSeconds(2);
    /** For so long a worker's last figures are exported, so that they are seen once more. */
    private static final Duration EXPORTED = Duration.ofMinutes(2);
    /** The end of a job that was written longer ago is committed, and is seen by everybody. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Fresh<Fleet> fleet = new Fresh<>("fleet-figures", MAX_AGE, this::read);
    /** Jobs that have ended since this process began, until then. Old ones are not counted: they may be deleted. */
    private final Map<JobState, Long> settled = new HashMap<>();

    private @Nullable OffsetDateTime settledAt;

    FleetFigures(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = StoredJson.shown(json);
    }

    /** What is known; empty when PostgreSQL does not answer. */
    Optional<Fleet> get() {
        return fleet.get();
    }

    /** Only ever on one thread. */
    private Fleet read() {
        record Count(String state, int jobs) {}
        Map<String, Integer> workers =
                jdbc.sql("""
                        select case when job_id is null then 'idle' else 'busy' end as state, count(*) as jobs from worker
                        where seen_at > now() - make_interval(secs => :alive) group by 1""").param("alive", Workers.ALIVE_SECONDS).query(Count.class).list().stream()
                        .collect(Collectors.toMap(Count::state, Count::jobs));
        return new Fleet(
                live(),
                ended(),
                oldestSeconds(),
                workers.getOrDefault("idle", 0),
                workers.getOrDefault("busy", 0),
                samples(),
                reconciliation());
    }

    private Map<JobState, Long> live() {
        Map<JobState, Long> jobs = none(status -> !status.isTerminal());
        jdbc.sql(
                        "select status, lower(kind) as kind, count(*) as jobs from job where finished_at is null group by 1, 2")
                .query(row -> {
                    jobs.put(new JobState(row.getString("status"), row.getString("kind")), row.getLong("jobs"));
                });
        return jobs;
    }

    private Map<JobState, Long> ended() {
        OffsetDateTime now = jdbc.sql("select clock_timestamp() - make_interval(secs => :settled)")
                .param("settled", SETTLED.toSeconds())
                .query(OffsetDateTime.class)
                .single();
        if (settledAt == null) {
            settledAt = now;
        }
        Map<JobState, Long> jobs = none(JobStatus::isTerminal);
        Map<JobState, Long> newlySettled = new HashMap<>();
        jdbc.sql("""
                        select status, lower(kind) as kind, finished_at <= :now as settled, count(*) as jobs from job
                        where finished_at > :then group by 1, 2, 3""").param("now", now).param("then", settledAt).query(row -> {
            JobState state = new JobState(row.getString("status"), row.getString("kind"));
            if (row.getBoolean("settled")) {
                newlySettled.put(state, row.getLong("jobs"));
            } else {
                jobs.merge(state, row.getLong("jobs"), Long::sum);
            }
        });
        newlySettled.forEach((state, count) -> settled.merge(state, count, Long::sum));
        settledAt = now;
        settled.forEach((state, count) -> jobs.merge(state, count, Long::sum));
        return jobs;
    }

    /** A series that is there from the first on can be told to have grown. */
    private static Map<JobState, Long> none(java.util.function.Predicate<JobStatus> statuses) {
        Map<JobState, Long> jobs = new HashMap<>();
        for (JobKind kind : JobKind.values()) {
            Arrays.stream(JobStatus.values())
                    .filter(statuses)
                    .forEach(status -> jobs.put(new JobState(status.name(), kind.toString()), 0L));
        }
        return jobs;
    }

    private double oldestSeconds() {
        return jdbc.sql("""
                        select coalesce(extract(epoch from clock_timestamp() - min(since.at)), 0)::float
                        from job cross join lateral (
                            select at from job_transition where job_id = job.id and job_transition.status = 'QUEUED'
                            order by ordinal desc limit 1) as since
                        where job.status = 'QUEUED'""").query(Double.class).single();
    }

    private List<WorkerSamples> samples() {
        return jdbc.sql("""
                        select worker_id, host, samples, at > now() - make_interval(secs => :alive) as alive
                        from worker_figures where at > now() - make_interval(secs => :exported) order by worker_id""")
                .param("alive", Workers.ALIVE_SECONDS)
                .param("exported", EXPORTED.toSeconds())
                .query((row, number) -> new WorkerSamples(
                        row.getString("worker_id"),
                        row.getString("host"),
                        row.getBoolean("alive"),
                        families(row.getString("worker_id"), row.getString("samples"))))
                .list();
    }

    /** None where another release has written them in a form that this one cannot read. */
    private List<Family> families(String worker, String samples) {
        try {
            return json.readValue(samples, new TypeReference<>() {});
        } catch (JacksonException unknownForm) {
            log.warn("the figures of worker {} are not exported: {}", worker, unknownForm.getOriginalMessage());
            return List.of();
        }
    }

    private @Nullable LastReconciliation reconciliation() {
        return jdbc.sql("""
                        select finished_at, (report ->> 'clean')::boolean as clean from reconciliation
                        order by id desc limit 1""")
                .query((row, number) -> new LastReconciliation(
                        row.getObject("finished_at", OffsetDateTime.class).toInstant(), row.getBoolean("clean")))
                .optional()
                .orElse(null);
    }
}
