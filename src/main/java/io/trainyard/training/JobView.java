package io.trainyard.training;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job, as clients see it.
 *
 * @param model that it publishes to, or predicts with
 * @param owner who may see it: the model's, or of a batch prediction whoever asked for it
 * @param statusReason why it has its status, where there is more to say
 * @param spec as it was accepted, with every default filled in
 * @param attempt workers that have started it
 * @param queuePosition from 1 on, while it is queued
 * @param result once it has succeeded
 */
public record JobView(
        UUID id,
        JobKind kind,
        @Schema(example = "digits") String model,
        @Schema(example = "local") String owner,
        JobStatus status,
        @Nullable String statusReason,

        @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
        @JsonSubTypes({@JsonSubTypes.Type(JobSpec.class), @JsonSubTypes.Type(BatchPredictionSpec.class)})
        @Schema(oneOf = {JobSpec.class, BatchPredictionSpec.class})
        AcceptedSpec spec,

        int attempt,
        Progress progress,
        @Nullable Integer queuePosition,
        @Nullable Result result,
        List<Transition> transitions,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /**
     * How far the job is: in epochs where it trains, in rows where it predicts.
     *
     * @param epoch finished epochs
     * @param iteration finished batches of the epoch in progress
     * @param rowsDone rows that are predicted
     * @param rows in all
     * @param percent of all batches, or rows
     * @param etaSeconds until the last is done, at the pace so far; of a queued job at the pace of those before it,
     *     including the time that it waits; absent where there is nothing to tell from
     */
    public record Progress(
            @Schema(example = "3") @Nullable Integer epoch,
            @Schema(example = "10") @Nullable Integer epochs,
            @Nullable Integer iteration,
            @Nullable Integer rowsDone,
            @Nullable Integer rows,
            @Schema(example = "34.5") double percent,
            @Nullable Double etaSeconds) {

        static Progress inEpochs(int epoch, int epochs, int iteration, double percent, @Nullable Double etaSeconds) {
            return new Progress(epoch, epochs, iteration, null, null, percent, etaSeconds);
        }

        static Progress inRows(int rowsDone, int rows, double percent, @Nullable Double etaSeconds) {
            return new Progress(null, null, null, rowsDone, rows, percent, etaSeconds);
        }
    }

    /** A change of status. */
    public record Transition(
            JobStatus status, Instant at, @Nullable String message) {
        static Transition of(TransitionRow row) {
            return new Transition(row.status, row.at, row.message);
        }
    }

    /**
     * The version that was published, or that has predicted.
     *
     * @param metrics of its weights on the held-out split, by their names in the curves; none when it has been deleted. Of a
     *     batch prediction those over its rows, none where its labels cannot be compared
     * @param file of predictions
     */
    public record Result(
            @Schema(example = "digits") String model,
            @Schema(example = "1") int version,

            @Schema(example = "{\"val_loss\": 0.21, \"val_accuracy\": 0.94}")
            Map<String, Double> metrics,

            @Nullable PredictionFile file) {}

    /** A file of predictions; it is downloaded from {@code /api/v1/batch-predictions/{id}/predictions}. */
    public record PredictionFile(
            PredictionFormat format,
            String sha256,
            @Schema(example = "21604") long bytes,
            @Schema(example = "360") int rows) {}
}
