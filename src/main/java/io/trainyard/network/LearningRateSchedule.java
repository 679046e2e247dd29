package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static io.trainyard.problem.InvalidFieldException.required;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;

/** The learning rate of each epoch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LearningRateSchedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = LearningRateSchedule.Exponential.class, name = "exponential"),
    @JsonSubTypes.Type(value = LearningRateSchedule.Step.class, name = "step"),
})
@Schema(description = "A learning-rate schedule; `type` chooses which.")
public sealed interface LearningRateSchedule {

    /**
     * The learning rate of an epoch.
     *
     * @param initial the optimizer's learning rate
     * @param epoch counted from 0
     */
    double at(double initial, int epoch);

    /** The optimizer's learning rate throughout. */
    record Constant() implements LearningRateSchedule {
        @Override
        public double at(double initial, int epoch) {
            return initial;
        }
    }

    /** {@code initial · decay_rate^epoch}. */
    record Exponential(
            @Schema(example = "0.666", requiredMode = Schema.RequiredMode.REQUIRED)
            Double decayRate) implements LearningRateSchedule {

        public Exponential {
            decayRate = positive("decay_rate", required("decay_rate", decayRate), 1, 1);
        }

        @Override
        public double at(double initial, int epoch) {
            return initial * Math.pow(decayRate, epoch);
        }
    }

    /** {@code initial · decay_rate^⌊epoch / step_size⌋}. */
    record Step(
            @Schema(example = "0.5", requiredMode = Schema.RequiredMode.REQUIRED)
            Double decayRate,

            @Schema(
                    description = "Epochs between two steps.",
                    example = "3",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            Integer stepSize)
            implements LearningRateSchedule {

        public Step {
            decayRate = positive("decay_rate", required("decay_rate", decayRate), 1, 1);
            stepSize = inRange("step_size", required("step_size", stepSize), 1, 1, TrainingSpec.MAX_EPOCHS);
        }

        @Override
        public double at(double initial, int epoch) {
            return initial * Math.pow(decayRate, (double) Math.floorDiv(epoch, (int) stepSize));
        }
    }
}
