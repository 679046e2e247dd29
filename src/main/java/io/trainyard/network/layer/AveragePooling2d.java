package io.trainyard.network.layer;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mean of each window, per channel; positions in the padding do not count. */
public record AveragePooling2d(
        @Nullable String name, @Nullable List<String> inputs, Size2d poolSize, Size2d strides, Padding padding)
        implements SingleInputLayer {

    public AveragePooling2d {
        inputs = Node.check(name, inputs);
        poolSize = requireNonNullElse(poolSize, new Size2d(2, 2));
        strides = requireNonNullElse(strides, poolSize);
        padding = requireNonNullElse(padding, Padding.VALID);
    }

    @Override
    public Shape outputShape(Shape input) {
        Windows.image(this, input);
        return Windows.slide2d(this, input, poolSize, strides, new Size2d(1, 1), padding, input.last());
    }
}
