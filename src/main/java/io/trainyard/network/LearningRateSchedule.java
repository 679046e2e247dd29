package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The learning rate of each step. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LearningRateSchedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = LearningRateSchedule.Cosine.class, name = "cosine"),
    @JsonSubTypes.Type(value = LearningRateSchedule.Exponential.class, name = "exponential"),
    @JsonSubTypes.Type(value = LearningRateSchedule.Polynomial.class, name = "polynomial"),
    @JsonSubTypes.Type(value = LearningRateSchedule.ReduceOnPlateau.class, name = "reduce_on_plateau"),
    @JsonSubTypes.Type(value = LearningRateSchedule.Step.class, name = "step"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A learning-rate schedule; `type` chooses which.")
public sealed interface LearningRateSchedule {

    /**
     * The learning rate of a step, before any reduction on a plateau.
     *
     * @param initial the optimizer's learning rate
     * @param position in epochs from the start: 1.5 is the middle of the second epoch
     * @param epochs of the whole training
     */
    double at(double initial, double position, int epochs);

    /** The optimizer's learning rate throughout. */
    @Schema(name = "ConstantSchedule")
    record Constant() implements LearningRateSchedule {
        @Override
        public double at(double initial, double position, int epochs) {
            return initial;
        }
    }

    /** {@code initial · decay_rate^epoch}, the same for all steps of an epoch. */
    record Exponential(
            @Schema(example = "0.666", requiredMode = Schema.RequiredMode.REQUIRED)
            Double decayRate) implements LearningRateSchedule {

        public Exponential {
            decayRate = positive("decay_rate", required("decay_rate", decayRate), 1, 1);
        }

        @Override
        public double at(double initial, double position, int epochs) {
            return initial * Math.pow(decayRate, Math.floor(position));
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
        public double at(double initial, double position, int epochs) {
            return initial * Math.pow(decayRate, Math.floor(position / stepSize));
        }
    }

    /**
     * Half a cosine from the learning rate down to {@code alpha} times it (Loshchilov and Hutter, 2017), step by step, as
     * Keras' CosineDecay; before it, a linear rise from 0.
     *
     * @param warmupEpochs of the linear rise; fractions are allowed
     * @param decayEpochs of the cosine; the rest of the training where it is left out
     */
    record Cosine(
            @Schema(example = "1", defaultValue = "0") Double warmupEpochs,
            @Schema(example = "0", defaultValue = "0") Double alpha,
            @Nullable Double decayEpochs)
            implements LearningRateSchedule {

        public Cosine {
            warmupEpochs = inRange("warmup_epochs", warmupEpochs, 0, 0, TrainingSpec.MAX_EPOCHS);
            alpha = inRange("alpha", alpha, 0, 0, 1);
            decayEpochs = decayEpochs == null
                    ? null
                    : (Double) positive("decay_epochs", decayEpochs, 1, TrainingSpec.MAX_EPOCHS);
        }

        @Override
        public double at(double initial, double position, int epochs) {
            if (position < warmupEpochs) {
                return initial * position / warmupEpochs;
            }
            double span = decayEpochs == null ? epochs - warmupEpochs : decayEpochs;
            double share = span <= 0 ? 1 : Math.min(1, (position - warmupEpochs) / span);
            return initial * (alpha + (1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * share)));
        }
    }

    /**
     * From the learning rate to {@code end_learning_rate}, step by step, as Keras' PolynomialDecay.
     *
     * @param decayEpochs after which the end is reached; the whole training where it is left out
     */
    record Polynomial(
            @Schema(example = "0.0001", defaultValue = "0.0001")
            Double endLearningRate,

            @Schema(example = "1", defaultValue = "1") Double power,
            @Nullable Double decayEpochs)
            implements LearningRateSchedule {

        private static final double MAX_POWER = 100;

        public Polynomial {
            endLearningRate = inRange("end_learning_rate", endLearningRate, 1e-4, 0, OptimizerSpec.MAX_LEARNING_RATE);
            power = positive("power", power, 1, MAX_POWER);
            decayEpochs = decayEpochs == null
                    ? null
                    : (Double) positive("decay_epochs", decayEpochs, 1, TrainingSpec.MAX_EPOCHS);
        }

        @Override
        public double at(double initial, double position, int epochs) {
            double share = Math.min(1, position / (decayEpochs == null ? epochs : decayEpochs));
            return (initial - endLearningRate) * Math.pow(1 - share, power) + endLearningRate;
        }
    }

    /**
     * Multiplied by {@code factor} when a metric no longer improves, with the meaning of Keras' ReduceLROnPlateau.
     *
     * @param monitor the metric to watch
     * @param patience epochs without an improvement after which the rate is reduced
     * @param cooldown epochs after a reduction in which none is counted
     * @param minLr below which it is not reduced
     */
    record ReduceOnPlateau(
            Monitor monitor,
            Monitor.Mode mode,
            @Schema(example = "0.1", defaultValue = "0.1") Double factor,
            @Schema(example = "3", defaultValue = "10") Integer patience,
            @Schema(defaultValue = "0.0001") Double minDelta,
            @Schema(defaultValue = "0") Integer cooldown,
            @Schema(defaultValue = "0") Double minLr)
            implements LearningRateSchedule {

        private static final double MAX_DELTA = 1e9;

        public ReduceOnPlateau {
            monitor = requireNonNullElse(monitor, Monitor.VAL_LOSS);
            mode = requireNonNullElse(mode, Monitor.Mode.AUTO);
            factor = inRange("factor", factor, 0.1, 0, 1);
            patience = inRange("patience", patience, 10, 0, TrainingSpec.MAX_EPOCHS);
            minDelta = inRange("min_delta", minDelta, 1e-4, 0, MAX_DELTA);
            cooldown = inRange("cooldown", cooldown, 0, 0, TrainingSpec.MAX_EPOCHS);
            minLr = inRange("min_lr", minLr, 0, 0, OptimizerSpec.MAX_LEARNING_RATE);
        }

        @Override
        public double at(double initial, double position, int epochs) {
            return initial;
        }
    }
}
