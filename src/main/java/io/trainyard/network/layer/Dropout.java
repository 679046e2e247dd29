package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In training, sets each value to zero with probability {@code rate} and scales the others by 1 / (1 − rate)
 * (Srivastava et al., 2014); in inference, nothing.
 */
public record Dropout(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "0.3", requiredMode = Schema.RequiredMode.REQUIRED)
        Double rate)
        implements SingleInputLayer {

    public Dropout {
        inputs = Node.check(name, inputs);
        rate = inRange("rate", required("rate", rate), 0, 0, 1);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }
}
