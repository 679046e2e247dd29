package io.trainyard.training;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A worker's right to run one attempt of a job. Every write goes through it and is guarded by job, attempt and status:
 * once another attempt has begun, or the job has ended, each of them throws {@link LeaseLostException} and writes nothing.
 */
final class Lease {

    private static final String HELD = " where id = :id and attempt = :attempt and status in ('RUNNING', 'CANCELLING')";

    private final JdbcClient jdbc;
    private final UUID jobId;
    private final int attempt;

    Lease(JdbcClient jdbc, UUID jobId, int attempt) {
        this.jdbc = jdbc;
        this.jobId = jobId;
        this.attempt = attempt;
    }

    UUID jobId() {
        return jobId;
    }

    int attempt() {
        return attempt;
    }

    /**
     * Writes how far the attempt is.
     *
     * @throws JobCancelledException when the user has cancelled the job
     */
    void progress(int epoch, int iteration, int iterations) {
        String status = statement("update job set epoch = :epoch, iteration = :iteration, iterations = :iterations"
                        + HELD + " returning status")
                .param("epoch", epoch)
                .param("iteration", iteration)
                .param("iterations", iterations)
                .query(String.class)
                .optional()
                .orElseThrow(() -> new LeaseLostException(this));
        if (JobStatus.valueOf(status) == JobStatus.CANCELLING) {
            throw new JobCancelledException();
        }
    }

    /**
     * Writes what a finished epoch gave.
     *
     * @param metrics its metrics as JSON
     */
    void epoch(Epoch epoch, String metrics) {
        held(statement("""
                        insert into epoch_metrics (job_id, epoch, attempt, train_loss, val_loss, metrics, learning_rate,
                            duration_seconds, rows_per_second)
                        select id, :epoch, attempt, :trainLoss, cast(:valLoss as double precision),
                            cast(:metrics as jsonb), :learningRate, :seconds, :rowsPerSecond
                        from job""" + HELD + " for update")
                .param("epoch", epoch.number())
                .param("trainLoss", epoch.result().loss())
                .param("valLoss", epoch.valLoss())
                .param("metrics", metrics)
                .param("learningRate", epoch.result().learningRate())
                .param("seconds", epoch.seconds())
                .param("rowsPerSecond", epoch.rowsPerSecond())
                .update());
    }

    /** Adds a line to the attempt's log. */
    void log(String line) {
        held(statement("insert into job_log (job_id, attempt, line) select id, attempt, :line from job" + HELD)
                .param("line", line.replace("\0", ""))
                .update());
    }

    /** Holds the job's row until the caller's transaction ends, so that what is published belongs to this attempt. */
    void lock() {
        held(statement("select attempt from job" + HELD + " for update")
                .query(Integer.class)
                .list()
                .size());
    }

    void succeeded(int version) {
        held(statement("""
                        update job set status = 'SUCCEEDED', status_reason = null, result_version = :version,
                            finished_at = clock_timestamp()""" + HELD).param("version", version).update());
    }

    void failed(String reason) {
        held(statement("update job set status = 'FAILED', status_reason = :reason, finished_at = clock_timestamp()"
                        + HELD)
                .param("reason", reason.replace("\0", ""))
                .update());
    }

    void cancelled() {
        held(statement("""
                        update job set status = 'CANCELLED', status_reason = 'cancelled by the user',
                            finished_at = clock_timestamp()""" + HELD).update());
    }

    /** Gives the job back to the queue, because this worker is stopping. */
    void giveBack() {
        held(statement("""
                        update job set status_reason = 'worker stopped in attempt ' || attempt,
                            status = case when status = 'CANCELLING' then 'CANCELLED' else 'QUEUED' end,
                            finished_at = case when status = 'CANCELLING' then clock_timestamp() end""" + HELD).update());
    }

    private JdbcClient.StatementSpec statement(String sql) {
        return jdbc.sql(sql).param("id", jobId).param("attempt", attempt);
    }

    private void held(int rows) {
        if (rows == 0) {
            throw new LeaseLostException(this);
        }
    }

    @Override
    public String toString() {
        return "attempt " + attempt + " of job " + jobId;
    }
}
