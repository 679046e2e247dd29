package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dropout of whole channels (Tompson et al., 2015). */
public record SpatialDropout2d(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "0.3", requiredMode = Schema.RequiredMode.REQUIRED)
        Double rate)
        implements SingleInputLayer {

    public SpatialDropout2d {
        inputs = Node.check(name, inputs);
        rate = inRange("rate", required("rate", rate), 0, 0, 1);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Windows.image(this, input);
    }
}
