package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In training, adds normal noise with mean 0 and the given standard deviation; in inference, nothing. */
public record GaussianNoise(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "0.1", requiredMode = Schema.RequiredMode.REQUIRED)
        Double stddev)
        implements SingleInputLayer {

    private static final double MAX_STDDEV = 1e6;

    public GaussianNoise {
        inputs = Node.check(name, inputs);
        stddev = inRange("stddev", required("stddev", stddev), 0, 0, MAX_STDDEV);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }
}
