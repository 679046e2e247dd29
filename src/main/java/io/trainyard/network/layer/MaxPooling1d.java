package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The largest value of each window, per channel. */
public record MaxPooling1d(
        @Nullable String name, @Nullable List<String> inputs, Integer poolSize, Integer strides, Padding padding)
        implements SingleInputLayer {

    public MaxPooling1d {
        inputs = Node.check(name, inputs);
        poolSize = inRange("pool_size", poolSize, 2, 1, Size2d.MAX);
        strides = inRange("strides", strides, poolSize, 1, Size2d.MAX);
        padding = requireNonNullElse(padding, Padding.VALID);
    }

    @Override
    public Shape outputShape(Shape input) {
        Windows.sequence(this, input);
        return Windows.slide1d(this, input, poolSize, strides, 1, padding, input.last());
    }
}
