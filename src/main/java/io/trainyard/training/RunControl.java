package io.trainyard.training;

import io.opentelemetry.api.trace.Span;
import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Content;
import io.trainyard.engine.Position;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run does between batches: writes how far it is, saves checkpoints, and ends when its user, its limit or its
 * worker's end asks for it.
 */
final class RunControl {

    /** How often, at most, progress is written and the user's wishes are looked for. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Lease lease;
    private final Supplier<Position> position;
    private final Content state;
    private final RunServices services;
    private final DatabaseRetry retry;
    private final BooleanSupplier workerStopping;
    private final @Nullable Integer maxRuntimeSeconds;
    private final double runtimeBefore;
    private final long begun = System.nanoTime();
    private final long waitedBefore;
    private long lookedAt = begun - INTERVAL.toNanos();
    private Position saved;
    private long savedAt = begun;

    /**
     * @param position how far the run is
     * @param state writes what another attempt needs to go on from there
     * @param runtimeBefore seconds of running in earlier attempts
     */
    RunControl(
            Lease lease,
            Supplier<Position> position,
            Content state,
            DatabaseRetry retry,
            BooleanSupplier workerStopping,
            RunServices services,
            @Nullable Integer maxRuntimeSeconds,
            double runtimeBefore) {
        this.lease = lease;
        this.position = position;
        this.state = state;
        this.services = services;
        this.retry = retry;
        this.workerStopping = workerStopping;
        this.maxRuntimeSeconds = maxRuntimeSeconds;
        this.runtimeBefore = runtimeBefore;
        this.waitedBefore = retry.waitedNanos();
        this.saved = position.get();
    }

    /**
     * To be called after each batch, of fitting, evaluating or predicting.
     *
     * @param iterations batches, or rows to predict, in an epoch
     * @throws JobCancelledException when the user has cancelled the job
     * @throws JobPausedException when the user has paused it; its state is saved
     * @throws WorkerStoppingException when this process is to end; the job's state is saved
     * @throws JobFailedException when it has run for too long
     */
    void afterBatch(int iterations) {
        if (System.nanoTime() - lookedAt < INTERVAL.toNanos()) {
            return;
        }
        if (workerStopping.getAsBoolean()) {
            save();
            throw new WorkerStoppingException();
        }
        look(iterations);
        if (System.nanoTime() - savedAt
                >= services.properties().checkpointInterval().toNanos()) {
            save();
        }
    }

    /** To be called when an epoch is recorded and another is to come. */
    void afterEpoch(int iterations) {
        save();
        afterBatch(iterations);
    }

    private void look(int iterations) {
        double runtime = runtime();
        JobStatus status = retry.call(() -> lease.progress(position.get(), iterations, runtime));
        lookedAt = System.nanoTime();
        if (status == JobStatus.CANCELLING) {
            throw new JobCancelledException();
        }
        if (status == JobStatus.PAUSING) {
            save();
            throw new JobPausedException();
        }
        if (maxRuntimeSeconds != null && runtime > maxRuntimeSeconds) {
            throw new JobFailedException("stopped: max_runtime_seconds, " + maxRuntimeSeconds + ", has passed");
        }
    }

    /** Seconds of running, over all attempts; waiting for PostgreSQL is none. */
    double runtime() {
        long waited = retry.waitedNanos() - waitedBefore;
        return runtimeBefore + (System.nanoTime() - begun - waited) / 1e9;
    }

    /** The file first, then its row: a crash in between leaves a file that nobody reads. */
    private void save() {
        Position at = position.get();
        if (at.equals(saved)) {
            return;
        }
        // When the worker stops, its thread may be interrupted; that would close the file.
        boolean interrupted = Thread.interrupted();
        services.traces().step("checkpoint", () -> save(at));
        saved = at;
        savedAt = System.nanoTime();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private SavedCheckpoint save(Position at) {
        long started = System.nanoTime();
        String file = SavedCheckpoint.file(lease.attempt(), at);
        Artifact stored = services.checkpoints().put(lease.jobId(), file, state);
        services.meters().saved(stored.bytes(), (System.nanoTime() - started) / 1e9);
        SavedCheckpoint checkpoint = new SavedCheckpoint(at, lease.attempt(), file, stored);
        List<String> old = retry.call(() -> lease.checkpoint(checkpoint));
        services.checkpoints().delete(lease.jobId(), old);
        Span.current().setAttribute("trainyard.epoch", at.epoch()).setAttribute("trainyard.bytes", stored.bytes());
        return checkpoint;
    }
}
