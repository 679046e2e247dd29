package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it answers.
 *
 * @param version that gave the answer
 * @param predictions one for each instance, in their order
 */
public record PredictResponse(String model, int version, List<Prediction> predictions, Timing timing) {

    /**
     * Of one instance: a class, or a number.
     *
     * @param probabilities in the order of the model's classes
     */
    public record Prediction(
            @Nullable String label,
            @Nullable Float probability,
            @Nullable List<Float> probabilities,
            @Nullable List<Candidate> topK,
            @Nullable Float value) {}

    /** A class, and how probable it is. */
    public record Candidate(String label, float probability) {}

    /** Where the time went. */
    public record Timing(double queueMs, double batchMs, double computeMs, int batchSize) {}
}
