package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A depthwise convolution, then a pointwise one that mixes the channels (Chollet, 2017). */
public record SeparableConv2d(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "12", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer filters,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Size2d kernelSize,

        Size2d strides,
        Padding padding,
        Integer depthMultiplier,
        Activation activation,
        Boolean useBias,
        @NameOrObject Initializer depthwiseInitializer,
        @NameOrObject Initializer pointwiseInitializer,
        @NameOrObject Initializer biasInitializer,
        @NameOrObject @Nullable Regularizer depthwiseRegularizer,
        @NameOrObject @Nullable Regularizer pointwiseRegularizer,
        @NameOrObject @Nullable Regularizer biasRegularizer)
        implements SingleInputLayer {

    public SeparableConv2d {
        inputs = Node.check(name, inputs);
        filters = inRange("filters", required("filters", filters), 0, 1, Windows.MAX_FILTERS);
        kernelSize = required("kernel_size", kernelSize);
        strides = requireNonNullElse(strides, new Size2d(1, 1));
        padding = requireNonNullElse(padding, Padding.VALID);
        depthMultiplier = inRange("depth_multiplier", depthMultiplier, 1, 1, Size2d.MAX);
        activation = requireNonNullElse(activation, Activation.LINEAR);
        useBias = requireNonNullElse(useBias, true);
        depthwiseInitializer = requireNonNullElse(depthwiseInitializer, new Initializer.GlorotUniform());
        pointwiseInitializer = requireNonNullElse(pointwiseInitializer, new Initializer.GlorotUniform());
        biasInitializer = requireNonNullElse(biasInitializer, new Initializer.Zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        return Windows.slide2d(this, input, kernelSize, strides, new Size2d(1, 1), padding, filters);
    }

    /** What the depthwise convolution gives. */
    @Override
    public double workingValues(Shape input) {
        Shape output = outputShape(input);
        return (double) output.size() / filters * input.last() * depthMultiplier;
    }

    @Override
    public List<Weight> weights(Shape input) {
        int channels = Math.multiplyExact(input.last(), depthMultiplier);
        List<Weight> weights = new ArrayList<>();
        weights.add(Weight.of(
                "depthwise_kernel",
                List.of(kernelSize.height(), kernelSize.width(), input.last(), depthMultiplier),
                depthwiseInitializer,
                depthwiseRegularizer));
        weights.add(Weight.of(
                "pointwise_kernel", List.of(1, 1, channels, filters), pointwiseInitializer, pointwiseRegularizer));
        if (useBias) {
            weights.add(Weight.of("bias", List.of(filters), biasInitializer, biasRegularizer));
        }
        return weights;
    }

    @Override
    public Activation outputActivation() {
        return activation;
    }
}
