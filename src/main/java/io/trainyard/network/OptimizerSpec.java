package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;

/** How gradients become steps. Names, formulas and defaults are those of the Keras optimizer of the same name. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OptimizerSpec.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = OptimizerSpec.RmsProp.class, name = "rmsprop"),
    @JsonSubTypes.Type(value = OptimizerSpec.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = OptimizerSpec.AdamW.class, name = "adamw"),
})
@Schema(description = "An optimizer, in Keras' terms; `type` chooses which.")
public sealed interface OptimizerSpec {

    double MAX_LEARNING_RATE = 1000;

    /** The learning rate before any schedule. */
    Double learningRate();

    /** How many values of state it keeps for each parameter. */
    @JsonIgnore
    int stateSlots();

    /** Gradient descent, optionally with momentum (Polyak, 1964) or Nesterov's form of it (1983). */
    record Sgd(@Schema(example = "0.01") Double learningRate, Double momentum, Boolean nesterov)
            implements OptimizerSpec {

        public Sgd {
            learningRate = positive("learning_rate", learningRate, 0.01, MAX_LEARNING_RATE);
            momentum = inRange("momentum", momentum, 0, 0, 1);
            nesterov = requireNonNullElse(nesterov, false);
            if (nesterov && momentum == 0) {
                throw new InvalidFieldException("nesterov", "needs a momentum greater than 0");
            }
        }

        @Override
        public int stateSlots() {
            return momentum > 0 ? 1 : 0;
        }
    }

    /**
     * Steps divided by a moving root mean square of the gradient (Tieleman and Hinton, 2012). Unlike Keras', epsilon is
     * added to the root, not under it.
     */
    record RmsProp(@Schema(example = "0.001") Double learningRate, Double rho, Double epsilon)
            implements OptimizerSpec {

        public RmsProp {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            rho = inRange("rho", rho, 0.9, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
        }

        @Override
        public int stateSlots() {
            return 1;
        }
    }

    /** Adaptive moment estimation (Kingma and Ba, 2015). */
    record Adam(
            @Schema(example = "0.01") Double learningRate,
            @JsonProperty("beta_1") Double beta1,
            @JsonProperty("beta_2") Double beta2,
            Double epsilon)
            implements OptimizerSpec {

        static final Adam DEFAULT = new Adam(0.001, 0.9, 0.999, 1e-7);

        public Adam {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            beta1 = inRange("beta_1", beta1, 0.9, 0, 1);
            beta2 = inRange("beta_2", beta2, 0.999, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }

    /**
     * Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019). Unlike Keras', batch normalisation's
     * gamma and beta do not decay.
     */
    record AdamW(
            @Schema(example = "0.001") Double learningRate,
            Double weightDecay,
            @JsonProperty("beta_1") Double beta1,
            @JsonProperty("beta_2") Double beta2,
            Double epsilon)
            implements OptimizerSpec {

        public AdamW {
            learningRate = positive("learning_rate", learningRate, 0.001, MAX_LEARNING_RATE);
            weightDecay = inRange("weight_decay", weightDecay, 0.004, 0, 1);
            beta1 = inRange("beta_1", beta1, 0.9, 0, 1);
            beta2 = inRange("beta_2", beta2, 0.999, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-7, 1);
        }

        @Override
        public int stateSlots() {
            return 2;
        }
    }
}
