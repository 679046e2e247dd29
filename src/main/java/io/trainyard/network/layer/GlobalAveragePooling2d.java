package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mean of each channel: {@code [height, width, channels]} to {@code [channels]}. */
public record GlobalAveragePooling2d(
        @Nullable String name, @Nullable List<String> inputs) implements SingleInputLayer {

    public GlobalAveragePooling2d {
        inputs = Node.check(name, inputs);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(Windows.image(this, input).last());
    }
}
