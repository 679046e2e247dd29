package io.trainyard.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instance about which version and candidate disagreed.
 *
 * @param requestId the answer's X-Request-Id
 * @param instance as it was sent: an array of numbers, or an object by column name; missing where it was very large
 * @param difference the largest between two probabilities, or between the two numbers
 */
public record Disagreement(
        Instant at,

        @Schema(example = "2f1c8a3e-0000-4000-8000-000000000000")
        String requestId,

        @Schema(implementation = Object.class, example = "[5.1, 3.5, 1.4, 0.2]") @Nullable
        Object instance,

        Said version,
        Said candidate,
        @Schema(example = "0.41") double difference) {

    /**
     * What one of them said: its most probable class, or a number.
     *
     * @param value where the model tells a number
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Said(
            @Schema(example = "versicolor") @Nullable String label,
            @Schema(example = "0.71") @Nullable Float probability,
            @Nullable Float value) {

        /** A class. */
        public static Said ofClass(String label, float probability) {
            return new Said(label, probability, null);
        }

        /** A number. */
        public static Said ofValue(float value) {
            return new Said(null, null, value);
        }
    }
}
