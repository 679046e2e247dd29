package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997). Its weights hold the gates in the order input, forget, cell,
 * output.
 *
 * @param unitForgetBias whether the forget gate's bias starts at 1 (Jozefowicz et al., 2015)
 */
public record Lstm(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "64", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer units,

        Activation activation,
        Activation recurrentActivation,
        Boolean useBias,
        Boolean unitForgetBias,
        Boolean returnSequences,
        Boolean goBackwards,
        @NameOrObject Initializer kernelInitializer,
        @NameOrObject Initializer recurrentInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer kernelRegularizer,
        @NameOrObject @Nullable Regularizer recurrentRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer)
        implements RecurrentLayer {

    private static final int GATES = 4;

    public Lstm {
        inputs = Node.check(name, inputs);
        units = inRange("units", required("units", units), 0, 1, MAX_UNITS);
        activation = requireNonNullElse(activation, Activation.TANH);
        recurrentActivation = requireNonNullElse(recurrentActivation, Activation.SIGMOID);
        useBias = requireNonNullElse(useBias, true);
        unitForgetBias = requireNonNullElse(unitForgetBias, true);
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
                    List.of(GATES * units),
                    unitForgetBias ? new ForgetBias(biasInitializer) : biasInitializer,
                    biasRegularizer));
        }
        return weights;
    }
}
