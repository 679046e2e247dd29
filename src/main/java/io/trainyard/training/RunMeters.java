package io.trainyard.training;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What a worker counts of its runs, as {@code docs/observability.md} lists it. The API processes export it. */
@Component
@Profile("worker")
class RunMeters {

    private static final String PREFIX = "trainyard.worker.";

    private static final Duration[] TIMES = Stream.of(
                    100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Timer queueWait;
    private final Timer epochs;
    private final Timer evaluations;
    private final Timer checkpoints;
    private final Counter checkpointBytes;
    private final Counter dataWait;
    private final Counter trainedRows;
    private final Counter predictedRows;
    private final Counter leaseLosses;
    private final Counter revivedJobs;

    RunMeters(MeterRegistry registry) {
        this.registry = registry;
        this.queueWait = timer("queue.wait", "Waiting of jobs in the queue, until this worker took them");
        this.epochs = timer("epoch", "Fitting of epochs, without evaluation");
        this.evaluations = timer("evaluation", "Evaluation of the held-out split");
        this.checkpoints = timer("checkpoint", "Writing of checkpoints");
        this.checkpointBytes = counter("checkpoint.written", "bytes", "Bytes of checkpoints that were written");
        this.dataWait = counter("data.wait", "seconds", "Time in which networks waited for rows");
        this.trainedRows = counter("trained", "rows", "Rows that networks were fitted to");
        this.predictedRows = counter("predicted", "rows", "Rows of batch predictions");
        this.leaseLosses = counter("lease.losses", null, "Attempts that were dropped, since their lease was lost");
        this.revivedJobs = counter("revived", "jobs", "Jobs that this worker found to have lost their worker");
        // There from the first on, so that an increase can be told.
        for (JobKind kind : JobKind.values()) {
            for (AttemptEnd end : AttemptEnd.values()) {
                attempts(kind, end);
            }
        }
    }

    private Timer timer(String name, String description) {
        return Timer.builder(PREFIX + name)
                .description(description)
                .serviceLevelObjectives(TIMES)
                .register(registry);
    }

    private Counter counter(String name, @Nullable String unit, String description) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    private Counter attempts(JobKind kind, AttemptEnd end) {
        return Counter.builder(PREFIX + "attempts")
                .description("Attempts that have ended, by how")
                .tags("kind", kind.toString(), "outcome", end.toString())
                .register(registry);
    }

    void taken(Duration waited) {
        queueWait.record(waited);
    }

    void ended(JobKind kind, AttemptEnd end) {
        attempts(kind, end).increment();
        if (end == AttemptEnd.LEASE_LOST) {
            leaseLosses.increment();
        }
    }

    void revived() {
        revivedJobs.increment();
    }

    /**
     * @param rows that the network was fitted to
     */
    void fitted(long rows, double seconds, double dataWaitSeconds) {
        epochs.record(nanos(seconds));
        dataWait.increment(dataWaitSeconds);
        trainedRows.increment((double) rows);
    }

    void evaluated(double seconds) {
        evaluations.record(nanos(seconds));
    }

    void predicted(int rows) {
        predictedRows.increment(rows);
    }

    void saved(long bytes, double seconds) {
        checkpoints.record(nanos(seconds));
        checkpointBytes.increment((double) bytes);
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
