package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The largest value of each channel: {@code [height, width, channels]} to {@code [channels]}. */
public record GlobalMaxPooling2d(
        @Nullable String name, @Nullable List<String> inputs) implements SingleInputLayer {

    public GlobalMaxPooling2d {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(Windows.image(this, input).last());
    }
}
