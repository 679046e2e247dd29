package io.trainyard.training;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The changes of a job's status that are made from outside its run. Each is one statement that says from which status it
 * may start, so that of two racing changes one finds nothing to do.
 */
@Component
class JobTransitions {

    private final JdbcClient jdbc;
    private final TrainingProperties properties;

    JobTransitions(JdbcClient jdbc, TrainingProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /**
     * Gives the caller the lease of a job, unless it has ended. A job that still counts as running has lost its worker.
     */
    @Transactional
    public Optional<Lease> claim(UUID jobId) {
        endAttempt(jobId);
        Optional<Lease> lease = jdbc.sql("""
                        update job set status = 'RUNNING', status_reason = null, attempt = attempt + 1,
                            epoch = 0, iteration = 0, iterations = 0, started_at = clock_timestamp()
                        where id = :id and status = 'QUEUED'
                        returning attempt
                        """)
                .param("id", jobId)
                .query(Integer.class)
                .optional()
                .map(attempt -> new Lease(jdbc, jobId, attempt));
        // A new attempt starts at the first epoch; its curve replaces the one that was cut off.
        lease.ifPresent(claimed -> jdbc.sql("delete from epoch_metrics where job_id = :id")
                .param("id", jobId)
                .update());
        return lease;
    }

    /**
     * The worker that ran a job is gone: the job is queued again, or ends when it was cancelled or has lost too many.
     *
     * @param executionVersion of the queue's entry when its worker was found dead: several workers can find the same one,
     *     and the slower of them must not touch the next attempt
     */
    @Transactional
    public void workerLost(UUID jobId, long executionVersion) {
        int current = jdbc.sql(
                        "select count(*) from scheduled_tasks where task_name = :task and task_instance = :id and version = :version")
                .param("task", JobQueue.TASK)
                .param("id", jobId.toString())
                .param("version", executionVersion)
                .query(Integer.class)
                .single();
        if (current == 1) {
            endAttempt(jobId);
        }
    }

    private void endAttempt(UUID jobId) {
        jdbc.sql("""
                        update job set losses = losses + 1,
                            status = case when status = 'CANCELLING' then 'CANCELLED'
                                          when losses + 1 >= :max then 'FAILED' else 'QUEUED' end,
                            status_reason = case when status = 'CANCELLING' then 'cancelled by the user'
                                when losses + 1 >= :max
                                    then 'worker lost: ' || (losses + 1) || ' attempts ended without a word; the job may need more memory than a worker has'
                                else 'worker lost in attempt ' || attempt end,
                            finished_at = case when status = 'CANCELLING' or losses + 1 >= :max then clock_timestamp() end
                        where id = :id and status in ('RUNNING', 'CANCELLING')
                        """).param("id", jobId).param("max", properties.maxLosses()).update();
    }

    /** Cancels a job; returns its status then, or nothing when there is no such job. */
    @Transactional
    public Optional<JobStatus> cancel(UUID jobId) {
        jdbc.sql("""
                        update job set
                            status = case when status = 'QUEUED' then 'CANCELLED' else 'CANCELLING' end,
                            status_reason = 'cancelled by the user',
                            finished_at = case when status = 'QUEUED' then clock_timestamp() end
                        where id = :id and status in ('QUEUED', 'RUNNING')
                        """).param("id", jobId).update();
        return jdbc.sql("select status from job where id = :id")
                .param("id", jobId)
                .query(String.class)
                .optional()
                .map(JobStatus::valueOf);
    }
}
