package io.trainyard.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job.
 *
 * @param kind {@code training} or {@code batch_prediction}
 * @param model that it publishes to, or predicts with
 * @param statusReason why it has its status, where there is more to say
 * @param spec as it was accepted, every default filled in
 * @param attempt workers that have started it
 * @param queuePosition from 1 on, while it is queued
 * @param result once it has succeeded
 */
public record Job(
        UUID id,
        String kind,
        String model,
        String owner,
        JobStatus status,
        @Nullable String statusReason,
        Map<String, Object> spec,
        int attempt,
        Progress progress,
        @Nullable Integer queuePosition,
        @Nullable Result result,
        List<Transition> transitions,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /**
     * How far it is: epochs of a training, rows of a batch prediction.
     *
     * @param percent from 0 to 100
     * @param etaSeconds how long it will still take, where that can be said
     */
    public record Progress(
            @Nullable Integer epoch,
            @Nullable Integer epochs,
            @Nullable Integer iteration,
            @Nullable Integer rowsDone,
            @Nullable Integer rows,
            double percent,
            @Nullable Double etaSeconds) {}

    /**
     * What came of it.
     *
     * @param version the version that it published, or predicted with
     */
    public record Result(
            String model,
            int version,
            Map<String, Double> metrics,
            @Nullable PredictionFile file) {}

    /** The file of a batch prediction. */
    public record PredictionFile(String format, String sha256, long bytes, int rows) {}

    /** A status that it came to. */
    public record Transition(
            JobStatus status, Instant at, @Nullable String message) {}

    /**
     * What came of it.
     *
     * @throws IllegalStateException when it has not succeeded
     */
    public Result succeeded() {
        if (status != JobStatus.SUCCEEDED || result == null) {
            throw new IllegalStateException(
                    "job " + id + " is " + status + (statusReason == null ? "" : ": " + statusReason));
        }
        return result;
    }
}
