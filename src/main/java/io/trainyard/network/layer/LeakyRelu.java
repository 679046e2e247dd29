package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code x} above 0, {@code negative_slope · x} below (Maas et al., 2013). */
public record LeakyRelu(@Nullable String name, @Nullable List<String> inputs, Double negativeSlope)
        implements SingleInputLayer {

    public LeakyRelu {
        inputs = Node.check(name, inputs);
        negativeSlope = inRange("negative_slope", negativeSlope, 0.3, 0, 1);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }
}
