package io.trainyard.training;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The changes of a job's status that are made from outside its run. Each is one statement that says from which status it
 * may start, so that of two racing changes one finds nothing to do.
 */
@Component
class JobTransitions {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JobQueue queue;
    private final TrainingProperties properties;

    JobTransitions(JdbcClient jdbc, TransactionTemplate transaction, JobQueue queue, TrainingProperties properties) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.queue = queue;
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
                            iterations = 0, started_at = clock_timestamp()
                        where id = :id and status = 'QUEUED'
                        returning attempt
                        """)
                .param("id", jobId)
                .query(Integer.class)
                .optional()
                .map(attempt -> new Lease(jdbc, transaction, jobId, attempt));
        if (lease.isPresent()) {
            queue.begun(jobId);
        }
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
        lock(jobId);
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
                                          when losses + 1 >= :max then 'FAILED'
                                          when status = 'PAUSING' then 'PAUSED' else 'QUEUED' end,
                            status_reason = case when status = 'CANCELLING' then status_reason
                                when losses + 1 >= :max
                                    then 'worker lost: ' || (losses + 1) || ' attempts ended without a word and without a checkpoint; the job may need more memory than a worker has'
                                when status = 'PAUSING' then status_reason
                                else 'worker lost in attempt ' || attempt end,
                            finished_at = case when status = 'CANCELLING' or losses + 1 >= :max then clock_timestamp() end
                        where id = :id and status in ('RUNNING', 'PAUSING', 'CANCELLING')
                        """).param("id", jobId).param("max", properties.maxLosses()).update();
    }

    /**
     * Takes a job out of the queue after its run, unless it still has to be run: its user may have had it queued again
     * meanwhile, or its end could not be written.
     *
     * @param waits is told whether the job has to be run
     */
    @Transactional
    public void leaveQueue(UUID jobId, Consumer<Boolean> waits) {
        // Whoever queues the job again waits for the row, and then finds no entry; or we find the job queued.
        waits.accept(jdbc.sql("select finished_at is null and status <> 'PAUSED' from job where id = :id for update")
                .param("id", jobId)
                .query(Boolean.class)
                .optional()
                .orElse(false));
    }

    /** Cancels a job; returns its status then, or nothing when there is no such job. */
    @Transactional
    public Optional<JobStatus> cancel(UUID jobId) {
        lock(jobId);
        jdbc.sql("""
                        update job set
                            status = case when status in ('QUEUED', 'PAUSED') then 'CANCELLED' else 'CANCELLING' end,
                            status_reason = 'cancelled by the user',
                            finished_at = case when status in ('QUEUED', 'PAUSED') then clock_timestamp() end
                        where id = :id and status in ('QUEUED', 'PAUSED', 'RUNNING', 'PAUSING')
                        """).param("id", jobId).update();
        return outOfQueue(jobId, JobStatus.CANCELLED);
    }

    /** Ends jobs that have been cancelling for longer than {@code patience}; returns them. */
    @Transactional
    public List<UUID> endCancellations(Duration patience) {
        return jdbc.sql("""
                        update job set status = 'CANCELLED', finished_at = clock_timestamp()
                        where id in (
                            select id from job where status = 'CANCELLING' and exists (
                                select from job_transition where job_id = job.id and job_transition.status = 'CANCELLING'
                                    and at < clock_timestamp() - make_interval(secs => :patience))
                            for update skip locked)
                        returning id""")
                .param("patience", patience.toMillis() / 1000.0)
                .query(UUID.class)
                .list();
    }

    /** Pauses a job; returns its status then, or nothing when there is no such job. */
    @Transactional
    public Optional<JobStatus> pause(UUID jobId) {
        lock(jobId);
        jdbc.sql("""
                        update job set
                            status = case when status = 'QUEUED' then 'PAUSED' else 'PAUSING' end,
                            status_reason = 'paused by the user'
                        where id = :id and status in ('QUEUED', 'RUNNING')
                        """).param("id", jobId).update();
        return outOfQueue(jobId, JobStatus.PAUSED);
    }

    /** Lets a paused job go on; returns its status then, or nothing when there is no such job. */
    @Transactional
    public Optional<JobStatus> resume(UUID jobId) {
        lock(jobId);
        jdbc.sql("""
                        update job set status = case when status = 'PAUSED' then 'QUEUED' else 'RUNNING' end,
                            status_reason = 'resumed by the user'
                        where id = :id and status in ('PAUSED', 'PAUSING')
                        """).param("id", jobId).update();
        Optional<JobStatus> status = status(jobId);
        if (status.filter(JobStatus.QUEUED::equals).isPresent()) {
            queue.add(jobId);
        }
        return status;
    }

    /** Of changes that touch the queue too, one waits for the other: the job's row first, then the queue's entry. */
    private void lock(UUID jobId) {
        jdbc.sql("select id from job where id = :id for update")
                .param("id", jobId)
                .query(UUID.class)
                .list();
    }

    /** Takes a job out of the queue when it has a status; returns the status that it has. */
    private Optional<JobStatus> outOfQueue(UUID jobId, JobStatus when) {
        Optional<JobStatus> status = status(jobId);
        if (status.filter(when::equals).isPresent()) {
            queue.remove(jobId);
        }
        return status;
    }

    private Optional<JobStatus> status(UUID jobId) {
        return jdbc.sql("select status from job where id = :id")
                .param("id", jobId)
                .query(String.class)
                .optional()
                .map(JobStatus::valueOf);
    }
}
