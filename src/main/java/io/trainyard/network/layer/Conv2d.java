package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A 2D convolution over {@code [height, width, channels]}. */
public record Conv2d(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "12", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer filters,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Size2d kernelSize,

        Size2d strides,
        Padding padding,
        Size2d dilationRate,
        Activation activation,
        Boolean useBias,
        @NameOrObject Initializer kernelInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer kernelRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer,
        @NameOrObject @Nullable Constraint kernelConstraint)
        implements SingleInputLayer {

    public Conv2d {
        inputs = Node.check(name, inputs);
        filters = inRange("filters", required("filters", filters), 0, 1, Windows.MAX_FILTERS);
        kernelSize = required("kernel_size", kernelSize);
        strides = requireNonNullElse(strides, new Size2d(1, 1));
        dilationRate = requireNonNullElse(dilationRate, new Size2d(1, 1));
        if ((strides.height() > 1 || strides.width() > 1) && (dilationRate.height() > 1 || dilationRate.width() > 1)) {
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
        return Windows.slide2d(this, input, kernelSize, strides, dilationRate, padding, filters);
    }

    /** A dilated convolution copies each of its windows. */
    @Override
    public double workingValues(Shape input) {
        boolean dilated = dilationRate.height() > 1 || dilationRate.width() > 1;
        return dilated
                ? (double) outputShape(input).size()
                        / filters
                        * (double) kernelSize.height()
                        * kernelSize.width()
                        * input.last()
                : 0;
    }

    @Override
    public List<Weight> weights(Shape input) {
        return Kernels.of(
                List.of(kernelSize.height(), kernelSize.width(), input.last(), filters),
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
