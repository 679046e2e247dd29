package io.trainyard.observability;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all processes share, as the database has it now.
 *
 * @param ended jobs that have ended since this process began
 * @param oldestSeconds for which the job has waited that waits for longest; 0 where none does
 * @param reconciliation null before the first
 */
record Fleet(
        Map<JobState, Long> live,
        Map<JobState, Long> ended,
        double oldestSeconds,
        int idleWorkers,
        int busyWorkers,
        List<WorkerSamples> workers,
        @Nullable LastReconciliation reconciliation) {

    /** Of a job: {@code QUEUED}, …, and {@code training} or {@code batch_prediction}. */
    record JobState(String status, String kind) {}

    /**
     * What a worker has counted.
     *
     * @param alive whether it was heard of lately: of one that was not, what it had is not what it has
     */
    record WorkerSamples(String worker, String host, boolean alive, List<Family> families) {}

    /** The latest comparison of database and store. */
    record LastReconciliation(Instant finishedAt, boolean clean) {}

    int aliveWorkers() {
        return idleWorkers + busyWorkers;
    }

    long queued() {
        return live.entrySet().stream()
                .filter(state -> state.getKey().status().equals("QUEUED"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
