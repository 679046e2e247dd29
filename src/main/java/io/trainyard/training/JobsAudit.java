package io.trainyard.training;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Checks what is promised about jobs, and puts live ones that are in no queue back. */
@Component
class JobsAudit {

    private static final int MAX_FAULTS = 1000;
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Each finds the jobs of which a promise does not hold. */
    private static final Map<String, String> CHECKS = checks();

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final JobQueue queue;

    JobsAudit(JdbcClient jdbc, JdbcTemplate template, JobQueue queue) {
        this.jdbc = jdbc;
        this.template = template;
        this.queue = queue;
    }

    /** These read whole tables; the pool sets its limit again. */
    private void allowLongQueries() {
        template.execute((Connection connection) -> {
            connection.setNetworkTimeout(Runnable::run, (int) LONGEST.toMillis());
            return true;
        });
    }

    private static Map<String, String> checks() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("has ended but has not exactly one terminal transition, or has not ended but has one", """
                select job.id from job
                left join (select job_id, count(*) as ends from job_transition
                           where status in ('SUCCEEDED', 'FAILED', 'CANCELLED') group by job_id) as ended
                    on ended.job_id = job.id
                where coalesce(ends, 0) <> case when finished_at is null then 0 else 1 end
                   or (finished_at is null) <> (status not in ('SUCCEEDED', 'FAILED', 'CANCELLED'))""");
        checks.put("is not in the state of its last transition", """
                select job.id from job
                join lateral (select status from job_transition where job_id = job.id order by ordinal desc limit 1) as last
                    on true
                where last.status <> job.status""");
        checks.put("has succeeded without its version, or has a version without having succeeded", """
                select job.id from job left join model_version as version on version.job_id = job.id
                where (version.version is not null and job.result_version is distinct from version.version)
                   or (job.result_version is not null and version.version is null
                       and not exists (select from model where name = job.model and last_version >= job.result_version))""");
        checks.put("has a file of predictions that is not its result", """
                select job.id from job join prediction_file as file on file.job_id = job.id
                where job.result #>> '{file,sha256}' is distinct from file.sha256""");
        checks.put("has a row of an attempt that was over when it was written", """
                select distinct late.job_id from (
                    select job_id, attempt, at from epoch_metrics
                    union all select job_id, attempt, at from checkpoint
                    union all select job_id, attempt, at from prediction_file
                    union all select job_id, attempt, at from job_log) as late
                join job_transition as next
                    on next.job_id = late.job_id and next.attempt = late.attempt + 1 and next.status = 'RUNNING'
                where late.at > next.at""");
        checks.put("has a gap in its curves, or epochs that are not finished", """
                select job.id from job
                join (select job_id, count(*) as rows, max(epoch) as last from epoch_metrics group by job_id) as curve
                    on curve.job_id = job.id
                where curve.rows <> curve.last or (curve.last <> job.epoch and job.status = 'SUCCEEDED')""");
        return checks;
    }

    @Transactional
    public JobsReport run() {
        allowLongQueries();
        List<String> faults = new ArrayList<>();
        CHECKS.forEach((fault, sql) -> jdbc.sql(sql + " limit " + MAX_FAULTS)
                .query(UUID.class)
                .list()
                .forEach(id -> faults.add("job " + id + " " + fault)));
        List<UUID> lost =
                jdbc.sql("""
                        select id from job
                        where finished_at is null and status <> 'PAUSED' and not exists (
                            select from scheduled_tasks where task_name = :task and task_instance = job.id::text)
                        for update""").param("task", JobQueue.TASK).query(UUID.class).list();
        lost.forEach(queue::add);
        long jobs = jdbc.sql("select count(*) from job").query(Long.class).single();
        return new JobsReport(jobs, List.copyOf(faults), lost);
    }
}
