package io.trainyard.serving;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model version says.
 *
 * @param version the exact one that answered
 * @param predictions one for each instance, in order
 */
record PredictResponse(
        @Schema(example = "digits") String model,
        @Schema(example = "1") int version,
        List<Prediction> predictions,
        Timing timing) {

    /**
     * The answer for one instance.
     *
     * @param label the most probable class
     * @param probabilities of all classes, in the order of the version's output signature
     * @param topK the most probable classes, best first
     */
    record Prediction(
            @Schema(example = "7") String label,
            @Schema(example = "0.998") float probability,
            float[] probabilities,
            @Nullable List<Candidate> topK) {}

    /** A class and its probability. */
    record Candidate(
            @Schema(example = "7") String label,
            @Schema(example = "0.998") float probability) {}

    /**
     * Where the time went, in milliseconds.
     *
     * @param queueMs waiting for the version's thread
     * @param batchMs making one tensor of the instances
     * @param computeMs in the network
     * @param batchSize rows that went through the network together
     */
    record Timing(double queueMs, double batchMs, double computeMs, int batchSize) {}
}
