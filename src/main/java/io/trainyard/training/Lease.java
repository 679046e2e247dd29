package io.trainyard.training;

import io.trainyard.artifact.Artifact;
import io.trainyard.engine.Position;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A worker's right to run one attempt of a job. Every write goes through it and is guarded by job, attempt and status:
 * once another attempt has begun, or the job has ended, each of them throws {@link LeaseLostException} and writes nothing.
 */
final class Lease {

    private static final String HELD =
            " where id = :id and attempt = :attempt and status in ('RUNNING', 'PAUSING', 'CANCELLING')";

    /** Checkpoints of a job that are kept: when the last is damaged, there is the one before. */
    private static final int KEPT_CHECKPOINTS = 2;

    /** What would end a line, or is no text. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cntrl}\\p{Cf}\\x{80}-\\x{9f}\\x{2028}\\x{2029}&&[^\\t]]");

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final UUID jobId;
    private final int attempt;

    Lease(JdbcClient jdbc, TransactionTemplate transaction, UUID jobId, int attempt) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.jobId = jobId;
        this.attempt = attempt;
    }

    UUID jobId() {
        return jobId;
    }

    int attempt() {
        return attempt;
    }

    /** Since when the job had waited for this attempt; null where its history does not say so. */
    @Nullable
    Instant queuedAt() {
        return jdbc.sql("""
                        select at from job_transition where job_id = :id and status = 'QUEUED'
                        order by ordinal desc limit 1""")
                .param("id", jobId)
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    /** What the job's earlier attempts have saved, the latest first. */
    List<SavedCheckpoint> checkpoints() {
        return jdbc.sql("""
                        select epoch, iteration, attempt, file, sha256, bytes from checkpoint where job_id = :id
                        order by epoch desc, iteration desc""")
                .param("id", jobId)
                .query((row, number) -> new SavedCheckpoint(
                        new Position(row.getInt("epoch"), row.getInt("iteration")),
                        row.getInt("attempt"),
                        row.getString("file"),
                        new Artifact(row.getString("sha256"), row.getLong("bytes"))))
                .list();
    }

    /** Goes on from a position: what earlier attempts wrote of later ones goes, since it is done again. */
    void begin(Position position) {
        transaction.executeWithoutResult(status -> goBack(position));
    }

    private void goBack(Position position) {
        held(statement("update job set epoch = :epoch, iteration = :iteration, iterations = 0" + HELD)
                .param("epoch", position.epoch())
                .param("iteration", position.iteration())
                .update());
        jdbc.sql("delete from epoch_metrics where job_id = :id and epoch > :epoch")
                .param("id", jobId)
                .param("epoch", position.epoch())
                .update();
        jdbc.sql("delete from checkpoint where job_id = :id and (epoch, iteration) > (:epoch, :iteration)")
                .param("id", jobId)
                .param("epoch", position.epoch())
                .param("iteration", position.iteration())
                .update();
    }

    /**
     * Writes how far the job is.
     *
     * @param runtimeSeconds of running, over all attempts
     * @return the job's status: its user may have paused or cancelled it
     */
    JobStatus progress(Position position, int iterations, double runtimeSeconds) {
        return statement("""
                        update job set epoch = :epoch, iteration = :iteration, iterations = :iterations,
                            runtime_seconds = :runtime""" + HELD + " returning status")
                .param("epoch", position.epoch())
                .param("iteration", position.iteration())
                .param("iterations", iterations)
                .param("runtime", runtimeSeconds)
                .query(String.class)
                .optional()
                .map(JobStatus::valueOf)
                .orElseThrow(() -> new LeaseLostException(this));
    }

    /**
     * Makes a stored checkpoint the one from which the next attempt would go on. A job that gets this far is not one that
     * kills its workers.
     *
     * @return the files of checkpoints that are of no use any more
     */
    List<String> checkpoint(SavedCheckpoint checkpoint) {
        return Objects.requireNonNull(transaction.execute(status -> save(checkpoint)));
    }

    private List<String> save(SavedCheckpoint checkpoint) {
        held(statement("update job set losses = 0" + HELD).update());
        jdbc.sql("""
                        insert into checkpoint (job_id, epoch, iteration, attempt, file, sha256, bytes)
                        values (:id, :epoch, :iteration, :attempt, :file, :sha256, :bytes)
                        on conflict (job_id, epoch, iteration) do update set attempt = excluded.attempt,
                            file = excluded.file, sha256 = excluded.sha256, bytes = excluded.bytes, at = excluded.at""")
                .param("id", jobId)
                .param("epoch", checkpoint.position().epoch())
                .param("iteration", checkpoint.position().iteration())
                .param("attempt", checkpoint.attempt())
                .param("file", checkpoint.file())
                .param("sha256", checkpoint.artifact().sha256())
                .param("bytes", checkpoint.artifact().bytes())
                .update();
        return jdbc.sql("""
                        delete from checkpoint where job_id = :id and (epoch, iteration) not in (
                            select epoch, iteration from checkpoint where job_id = :id
                            order by epoch desc, iteration desc limit :kept)
                        returning file""")
                .param("id", jobId)
                .param("kept", KEPT_CHECKPOINTS)
                .query(String.class)
                .list();
    }

    /**
     * Writes what a finished epoch gave.
     *
     * @param metrics its metrics as JSON
     * @param runtimeSeconds of training, over all attempts
     */
    void epoch(Epoch epoch, String metrics, double runtimeSeconds) {
        held(statement("with held as (update job set epoch = :epoch, iteration = 0, runtime_seconds = :runtime" + HELD
                        + " returning id)" + """
                        insert into epoch_metrics (job_id, epoch, attempt, train_loss, val_loss, metrics, learning_rate,
                            duration_seconds, rows_per_second, data_wait_seconds, at)
                        select id, :epoch, :attempt, :trainLoss, cast(:valLoss as double precision),
                            cast(:metrics as jsonb), :learningRate, :seconds, :rowsPerSecond, :dataWaitSeconds,
                            clock_timestamp()
                        from held
                        on conflict (job_id, epoch) do update set attempt = excluded.attempt""")
                .param("runtime", runtimeSeconds)
                .param("epoch", epoch.number())
                .param("trainLoss", epoch.result().loss())
                .param("valLoss", epoch.valLoss())
                .param("metrics", metrics)
                .param("learningRate", epoch.result().learningRate())
                .param("seconds", epoch.seconds())
                .param("rowsPerSecond", epoch.rowsPerSecond())
                .param("dataWaitSeconds", epoch.result().dataWaitSeconds())
                .update());
    }

    /** Adds a line to the attempt's log. */
    void log(String line) {
        held(statement(
                        "insert into job_log (job_id, attempt, at, line) select id, :attempt, clock_timestamp(), :line from job"
                                + HELD)
                .param("line", CONTROL.matcher(line).replaceAll("?"))
                .update());
    }

    /** Holds the job's row until the caller's transaction ends, so that what is published belongs to this attempt. */
    void lock() {
        held(statement("select attempt from job" + HELD + " for update")
                .query(Integer.class)
                .list()
                .size());
    }

    /** Ends a training, within the transaction that publishes the version. */
    void succeeded(int version) {
        held(statement("""
                        update job set status = 'SUCCEEDED', status_reason = null, result_version = :version,
                            finished_at = clock_timestamp()""" + HELD).param("version", version).update());
    }

    /**
     * Ends a batch prediction, within the caller's transaction.
     *
     * @param file the predictions, whose bytes are in the store already
     * @param result what clients see, as JSON
     */
    void succeeded(Artifact file, String result) {
        held(statement("""
                        update job set status = 'SUCCEEDED', status_reason = null, epoch = epochs, iteration = 0,
                            result = cast(:result as jsonb), finished_at = clock_timestamp()""" + HELD).param("result", result).update());
        statement("""
                        insert into prediction_file (job_id, attempt, at, sha256, bytes)
                        values (:id, :attempt, clock_timestamp(), :sha256, :bytes)""")
                .param("sha256", file.sha256())
                .param("bytes", file.bytes())
                .update();
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

    /** Gives the job back, because its user has paused it; unless, meanwhile, it was cancelled or resumed. */
    void paused() {
        giveBack("status_reason");
    }

    /** Gives the job back to the queue, because this worker is stopping. */
    void giveBack() {
        giveBack("'worker stopped in attempt ' || attempt");
    }

    private void giveBack(String reasonWhenQueued) {
        String back = """
                update job set
                    status = case status when 'CANCELLING' then 'CANCELLED' when 'PAUSING' then 'PAUSED' else 'QUEUED' end,
                    status_reason = case status when 'RUNNING' then %s else status_reason end,
                    finished_at = case when status = 'CANCELLING' then clock_timestamp() end""";
        held(statement(back.formatted(reasonWhenQueued) + HELD).update());
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
