package io.trainyard.training;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job, as clients see it.
 *
 * @param statusReason why it has its status, where there is more to say
 * @param spec as it was accepted, with every default filled in
 * @param attempt workers that have started it
 * @param queuePosition from 1 on, while it is queued
 * @param result once it has succeeded
 */
record JobView(
        UUID id,
        @Schema(example = "digits") String model,
        JobStatus status,
        @Nullable String statusReason,
        JobSpec spec,
        int attempt,
        Progress progress,
        @Nullable Integer queuePosition,
        @Nullable Result result,
        List<Transition> transitions,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /**
     * How far the current attempt is.
     *
     * @param epoch finished epochs
     * @param iteration finished batches of the epoch in progress
     * @param percent of all batches
     * @param etaSeconds until the last epoch is done, at the pace so far; of a queued job at the pace of those before it,
     *     including the time that it waits; absent where there is nothing to tell from
     */
    record Progress(
            @Schema(example = "3") int epoch,
            @Schema(example = "10") int epochs,
            int iteration,
            @Schema(example = "34.5") double percent,
            @Nullable Double etaSeconds) {}

    /** A change of status. */
    record Transition(
            JobStatus status, Instant at, @Nullable String message) {
        static Transition of(TransitionRow row) {
            return new Transition(row.status, row.at, row.message);
        }
    }

    /**
     * The version that was published.
     *
     * @param metrics of its weights on the held-out split, by their names in the curves; none when it has been deleted
     */
    record Result(
            @Schema(example = "digits") String model,
            @Schema(example = "1") int version,

            @Schema(example = "{\"val_loss\": 0.21, \"val_accuracy\": 0.94}")
            Map<String, Double> metrics) {}
}
