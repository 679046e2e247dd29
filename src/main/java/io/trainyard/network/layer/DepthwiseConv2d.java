package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A 2D convolution of each channel on its own, {@code depth_multiplier} outputs a channel. */
public record DepthwiseConv2d(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Size2d kernelSize,

        Size2d strides,
        Padding padding,
        Integer depthMultiplier,
        Activation activation,
        Boolean useBias,
        @NameOrObject Initializer depthwiseInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer depthwiseRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer,
        @NameOrObject @Nullable Constraint depthwiseConstraint)
        implements SingleInputLayer {

    public DepthwiseConv2d {
        inputs = Node.check(name, inputs);
        kernelSize = required("kernel_size", kernelSize);
        strides = requireNonNullElse(strides, new Size2d(1, 1));
        padding = requireNonNullElse(padding, Padding.VALID);
        depthMultiplier = inRange("depth_multiplier", depthMultiplier, 1, 1, Size2d.MAX);
        activation = requireNonNullElse(activation, Activation.LINEAR);
        useBias = requireNonNullElse(useBias, true);
        depthwiseInitializer = requireNonNullElse(depthwiseInitializer, new Initializer.GlorotUniform());
        biasInitializer = requireNonNullElse(biasInitializer, new Initializer.Zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        Windows.image(this, input);
        return Windows.slide2d(
                this,
                input,
                kernelSize,
                strides,
                new Size2d(1, 1),
                padding,
                Math.multiplyExact(input.last(), depthMultiplier));
    }

    @Override
    public List<Weight> weights(Shape input) {
        return Kernels.of(
                List.of(kernelSize.height(), kernelSize.width(), input.last(), depthMultiplier),
                Math.multiplyExact(input.last(), depthMultiplier),
                useBias,
                depthwiseInitializer,
                biasInitializer,
                depthwiseRegularizer,
                biasRegularizer,
                depthwiseConstraint);
    }

    @Override
    public Activation outputActivation() {
        return activation;
    }
}
