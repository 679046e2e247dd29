package io.trainyard.network.layer;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows and columns of zeros around a picture. */
public record ZeroPadding2d(@Nullable String name, @Nullable List<String> inputs, Borders padding)
        implements SingleInputLayer {

    public ZeroPadding2d {
        inputs = Node.check(name, inputs);
        padding = requireNonNullElse(padding, new Borders(1, 1, 1, 1));
    }

    @Override
    public Shape outputShape(Shape input) {
        Windows.image(this, input);
        return Shape.of(
                input.dimension(0) + padding.top() + padding.bottom(),
                input.dimension(1) + padding.left() + padding.right(),
                input.last());
    }
}
