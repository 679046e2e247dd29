package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fully connected layer over the last axis: {@code activation(input · kernel + bias)}. */
public record Dense(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "200", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer units,

        Activation activation,
        Boolean useBias,
        @NameOrObject Initializer kernelInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer kernelRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer,
        @NameOrObject @Nullable Constraint kernelConstraint)
        implements SingleInputLayer {

    private static final int MAX_UNITS = 1 << 20;

    public Dense {
        inputs = Node.check(name, inputs);
        units = inRange("units", required("units", units), 0, 1, MAX_UNITS);
        activation = requireNonNullElse(activation, Activation.LINEAR);
        useBias = requireNonNullElse(useBias, true);
        kernelInitializer = requireNonNullElse(kernelInitializer, new Initializer.GlorotUniform());
        biasInitializer = requireNonNullElse(biasInitializer, new Initializer.Zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        return input.withLast(units);
    }

    @Override
    public List<Weight> weights(Shape input) {
        return Kernels.of(
                List.of(input.last(), units),
                units,
                useBias,
                kernelInitializer,
                biasInitializer,
                kernelRegularizer,
                biasRegularizer,
                kernelConstraint);
    }

    @Override
    public Activation outputActivation() {
        return activation;
    }
}
