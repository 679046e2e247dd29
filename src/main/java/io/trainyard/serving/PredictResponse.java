package io.trainyard.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
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
     * The answer for one instance: a class, or a value where the model tells a number.
     *
     * @param label the most probable class
     * @param probabilities of all classes, in the order of the version's output signature
     * @param topK the most probable classes, best first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Prediction(
            @Schema(example = "7") @Nullable String label,
            @Schema(example = "0.998") @Nullable Float probability,
            float @Nullable [] probabilities,
            @Nullable List<Candidate> topK,
            @Nullable Float value) {

        static Prediction ofValue(float value) {
            return new Prediction(null, null, null, null, value);
        }
    }

    /** A class and its probability. */
    record Candidate(
            @Schema(example = "7") String label,
            @Schema(example = "0.998") float probability) {}
}
