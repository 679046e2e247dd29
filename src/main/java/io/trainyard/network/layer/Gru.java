package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gated recurrent unit (Cho et al., 2014). Its weights hold the gates in the order update, reset, candidate.
 *
 * @param resetAfter whether the reset gate acts after the recurrent product, which then has a bias of its own, as in
 *     Keras' default and cuDNN; otherwise before it, as in the paper
 */
public record Gru(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "64", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer units,

        Activation activation,
        Activation recurrentActivation,
        Boolean useBias,
        Boolean resetAfter,
        Boolean returnSequences,
        Boolean goBackwards,
        @NameOrObject Initializer kernelInitializer,
        @NameOrObject Initializer recurrentInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer kernelRegularizer,
        @NameOrObject @Nullable Regularizer recurrentRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer)
        implements RecurrentLayer {

    private static final int GATES = 3;

    public Gru {
        inputs = Node.check(name, inputs);
        units = inRange("units", required("units", units), 0, 1, MAX_UNITS);
        activation = requireNonNullElse(activation, Activation.TANH);
        recurrentActivation = requireNonNullElse(recurrentActivation, Activation.SIGMOID);
        useBias = requireNonNullElse(useBias, true);
        resetAfter = requireNonNullElse(resetAfter, true);
        returnSequences = requireNonNullElse(returnSequences, false);
        goBackwards = requireNonNullElse(goBackwards, false);
        kernelInitializer = requireNonNullElse(kernelInitializer, new Initializer.GlorotUniform());
        recurrentInitializer = requireNonNullElse(recurrentInitializer, new Initializer.Orthogonal(1.0));
        biasInitializer = requireNonNullElse(biasInitializer, new Initializer.Zeros());
    }

    @Override
    public List<Weight> weights(Shape input) {
        List<Weight> weights = new ArrayList<>();
        weights.add(Weight.of("kernel", List.of(input.last(), GATES * units), kernelInitializer, kernelRegularizer));
        weights.add(Weight.of(
                "recurrent_kernel", List.of(units, GATES * units), recurrentInitializer, recurrentRegularizer));
        if (useBias) {
            weights.add(Weight.of(
                    "bias",
                    resetAfter ? List.of(2, GATES * units) : List.of(GATES * units),
                    biasInitializer,
                    biasRegularizer));
        }
        return weights;
    }
}
