package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sum of its inputs, value by value. */
public record Add(@Nullable String name, @Nullable List<String> inputs) implements MergeLayer {

    public Add {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(List<Shape> shapes) {
        return MergeLayer.common(this, shapes);
    }
}
