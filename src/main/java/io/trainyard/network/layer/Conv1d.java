package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A 1D convolution over {@code [steps, features]}. */
public record Conv1d(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "12", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer filters,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, example = "3")
        Integer kernelSize,

        Integer strides,
        Padding padding,
        Integer dilationRate,
        Activation activation,
        Boolean useBias,
        @NameOrObject Initializer kernelInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer kernelRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer,
        @NameOrObject @Nullable Constraint kernelConstraint)
        implements SingleInputLayer {

    public Conv1d {
        inputs = Node.check(name, inputs);
        filters = inRange("filters", required("filters", filters), 0, 1, Windows.MAX_FILTERS);
        kernelSize = inRange("kernel_size", required("kernel_size", kernelSize), 0, 1, Size2d.MAX);
        strides = inRange("strides", strides, 1, 1, Size2d.MAX);
        dilationRate = inRange("dilation_rate", dilationRate, 1, 1, Size2d.MAX);
        if (strides > 1 && dilationRate > 1) {
            throw new InvalidFieldException("dilation_rate", "cannot be above 1 together with strides above 1");
        }
        padding = requireNonNullElse(padding, Padding.VALID);
        activation = requireNonNullElse(activation, Activation.LINEAR);
        useBias = requireNonNullElse(useBias, true);
        kernelInitializer = requireNonNullElse(kernelInitializer, new Initializer.GlorotUniform());
        biasInitializer = requireNonNullElse(biasInitializer, new Initializer.Zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        return Windows.slide1d(this, input, kernelSize, strides, dilationRate, padding, filters);
    }

    /** A dilated convolution copies each of its windows. */
    @Override
    public double workingValues(Shape input) {
        boolean dilated = dilationRate > 1;
        return dilated ? (double) outputShape(input).size() / filters * kernelSize * input.last() : 0;
    }

    @Override
    public List<Weight> weights(Shape input) {
        return Kernels.of(
                List.of(kernelSize, input.last(), filters),
                filters,
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
