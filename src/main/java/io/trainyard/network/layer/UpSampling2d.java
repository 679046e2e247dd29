package io.trainyard.network.layer;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each pixel {@code size} times in both directions. */
public record UpSampling2d(@Nullable String name, @Nullable List<String> inputs, Size2d size)
        implements SingleInputLayer {

    public UpSampling2d {
        inputs = Node.check(name, inputs);
        size = requireNonNullElse(size, new Size2d(2, 2));
    }

    @Override
    public Shape outputShape(Shape input) {
        Windows.image(this, input);
        return Shape.of(
                Math.multiplyExact(input.dimension(0), size.height()),
                Math.multiplyExact(input.dimension(1), size.width()),
                input.last());
    }
}
