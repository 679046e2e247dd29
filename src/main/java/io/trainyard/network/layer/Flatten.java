package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All values in one vector, row by row, channels innermost. */
public record Flatten(@Nullable String name, @Nullable List<String> inputs) implements SingleInputLayer {

    public Flatten {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.size());
    }
}
