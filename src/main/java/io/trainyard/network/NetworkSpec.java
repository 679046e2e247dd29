package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequential network.
 *
 * @param inputShape of one instance; the dataset's where it is left out
 * @param layers from input to output
 */
public record NetworkSpec(
        @ArraySchema(arraySchema = @Schema(example = "[28, 28, 1]"), schema = @Schema(implementation = Integer.class))
        @Nullable
        Shape inputShape,

        @ArraySchema(arraySchema = @Schema(requiredMode = Schema.RequiredMode.REQUIRED))
        List<LayerSpec> layers) {

    private static final int MAX_LAYERS = 1000;

    public NetworkSpec {
        required("layers", layers);
        if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
            throw new InvalidFieldException(
                    "layers", "must hold from 1 to " + MAX_LAYERS + " layers, was " + layers.size());
        }
        if (layers.stream().anyMatch(Objects::isNull)) {
            throw new InvalidFieldException("layers", "must not hold null");
        }
        layers = List.copyOf(layers);
    }

    /** The same layers for a known input shape. */
    public NetworkSpec withInputShape(Shape shape) {
        return new NetworkSpec(shape, layers);
    }
}
