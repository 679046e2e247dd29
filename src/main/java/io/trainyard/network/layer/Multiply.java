package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The product of its inputs, value by value. */
public record Multiply(@Nullable String name, @Nullable List<String> inputs) implements MergeLayer {

    public Multiply {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(List<Shape> shapes) {
        return MergeLayer.common(this, shapes);
    }
}
