package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The largest value of each feature: {@code [steps, features]} to {@code [features]}. */
public record GlobalMaxPooling1d(
        @Nullable String name, @Nullable List<String> inputs) implements SingleInputLayer {

    public GlobalMaxPooling1d {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(Windows.sequence(this, input).last());
    }
}
