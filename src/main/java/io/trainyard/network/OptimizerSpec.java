package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/** How gradients become steps. Names, formulas and defaults are those of the Keras optimizer of the same name. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OptimizerSpec.Adadelta.class, name = "adadelta"),
    @JsonSubTypes.Type(value = OptimizerSpec.Adagrad.class, name = "adagrad"),
    @JsonSubTypes.Type(value = OptimizerSpec.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = OptimizerSpec.Adamax.class, name = "adamax"),
    @JsonSubTypes.Type(value = OptimizerSpec.AdamW.class, name = "adamw"),
    @JsonSubTypes.Type(value = OptimizerSpec.Nadam.class, name = "nadam"),
    @JsonSubTypes.Type(value = OptimizerSpec.RmsProp.class, name = "rmsprop"),
    @JsonSubTypes.Type(value = OptimizerSpec.Sgd.class, name = "sgd"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "An optimizer, in Keras' terms; `type` chooses which, and its name stands for its defaults.")
public sealed interface OptimizerSpec {

    double MAX_LEARNING_RATE = 1000;

    /** The learning rate before any schedule. */
    Double learningRate();

    /** The largest norm of a weight's gradient; a longer one is scaled down. At most one of the three is set. */
    @Nullable
    Double clipnorm();

    /** The largest norm of the whole gradient; a longer one is scaled down. */
    @Nullable
    Double globalClipnorm();

    /** The largest absolute value in a gradient; others are cut off. */
    @Nullable
    Double clipvalue();

    /** How many values of state it keeps for each parameter. */
    @JsonIgnore
    int stateSlots();

    private static void checkClipping(
            @Nullable Double clipnorm, @Nullable Double globalClipnorm, @Nullable Double clipvalue) {
        int given = 0;
        String[] names = {"clipnorm", "global_clipnorm", "clipvalue"};
        Double[] values = {clipnorm, globalClipnorm, clipvalue};
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                positive(names[i], values[i], 1, Float.MAX_VALUE);
                if (++given > 1) {
                    throw new InvalidFieldException(
                            names[i], "only one of clipnorm, global_clipnorm and clipvalue can be set");
                }
            }
        }
    }

    /** Gradient descent, optionally with momentum (Polyak, 1964) or Nesterov's form of it (1983). */
    record Sgd(
            @Schema(example = "0.01", defaultValue = "0.01") Double learningRate,
            Double momentum,
            Boolean nesterov,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public Sgd {
            learningRate = positive("learning_rate", learningRate, 0.01, MAX_LEARNING_RATE);
            momentum = inRange("momentum", momentum, 0, 0, 1);
            nesterov = requireNonNullElse(nesterov, false);
            if (nesterov && momentum == 0) {
                throw new InvalidFieldException("nesterov", "needs a momentum greater than 0");
            }
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return momentum > 0 ? 1 : 0;
        }
    }

    /** Steps divided by a moving root mean square of the gradient (Tieleman and Hinton, 2012). */
    record RmsProp(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            Double rho,
            Double momentum,
            Double epsilon,
            Boolean centered,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public RmsProp {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            rho = inRange("rho", rho, 0.9, 0, 1);
            momentum = inRange("momentum", momentum, 0, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            centered = requireNonNullElse(centered, false);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0);
        }
    }

    /** Adaptive moment estimation (Kingma and Ba, 2015). */
    record Adam(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            @JsonProperty("beta_1") Double beta1,
            @JsonProperty("beta_2") Double beta2,
            Double epsilon,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        static final Adam DEFAULT = new Adam(0.001, 0.9, 0.999, 1e-7, null, null, null);

        public Adam {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            beta1 = inRange("beta_1", beta1, 0.9, 0, 1);
            beta2 = inRange("beta_2", beta2, 0.999, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }

    /** Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019). */
    record AdamW(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            Double weightDecay,
            @JsonProperty("beta_1") Double beta1,
            @JsonProperty("beta_2") Double beta2,
            Double epsilon,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public AdamW {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            weightDecay = inRange("weight_decay", weightDecay, 0.004, 0, 1);
            beta1 = inRange("beta_1", beta1, 0.9, 0, 1);
            beta2 = inRange("beta_2", beta2, 0.999, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }

    /** Adam with the largest instead of the mean square gradient (Kingma and Ba, 2015, section 7.1). */
    record Adamax(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            @JsonProperty("beta_1") Double beta1,
            @JsonProperty("beta_2") Double beta2,
            Double epsilon,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public Adamax {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            beta1 = inRange("beta_1", beta1, 0.9, 0, 1);
            beta2 = inRange("beta_2", beta2, 0.999, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }

    /** Adam with Nesterov's momentum (Dozat, 2016). */
    record Nadam(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            @JsonProperty("beta_1") Double beta1,
            @JsonProperty("beta_2") Double beta2,
            Double epsilon,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public Nadam {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            beta1 = inRange("beta_1", beta1, 0.9, 0, 1);
            beta2 = inRange("beta_2", beta2, 0.999, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }

    /** Steps divided by the root of the sum of squares of all gradients so far (Duchi et al., 2011). */
    record Adagrad(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            Double initialAccumulatorValue,
            Double epsilon,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public Adagrad {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            initialAccumulatorValue = inRange("initial_accumulator_value", initialAccumulatorValue, 0.1, 0, 1e9);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 1;
        }
    }

    /** Steps scaled by a moving root mean square of the steps before (Zeiler, 2012). */
    record Adadelta(
            @Schema(example = "0.001", defaultValue = "0.001")
            Double learningRate,

            Double rho,
            Double epsilon,
            @Nullable Double clipnorm,
            @Nullable Double globalClipnorm,
            @Nullable Double clipvalue)
            implements OptimizerSpec {

        public Adadelta {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            rho = inRange("rho", rho, 0.95, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
            checkClipping(clipnorm, globalClipnorm, clipvalue);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }
}
