package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mean of each feature: {@code [steps, features]} to {@code [features]}. */
public record GlobalAveragePooling1d(
        @Nullable String name, @Nullable List<String> inputs) implements SingleInputLayer {

    public GlobalAveragePooling1d {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(Windows.sequence(this, input).last());
    }
}
