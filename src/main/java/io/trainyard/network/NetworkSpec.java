package io.trainyard.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network, as it is frozen into a job: layers in an order in which each comes after its inputs.
 *
 * @param inputShape of one instance
 * @param layers from input to output; the last gives the answer
 * @param freeze names of layers that training does not change
 * @param base the version whose weights the layers of the same names begin with; null for fresh weights
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkSpec(
        @ArraySchema(arraySchema = @Schema(example = "[28, 28, 1]"), schema = @Schema(implementation = Integer.class))
        Shape inputShape,

        List<LayerSpec> layers,
        List<String> freeze,
        @Nullable BaseVersion base) {

    /**
     * A version of a model that training goes on from.
     *
     * @param until the last layer that is taken from it
     */
    public record BaseVersion(
            @Schema(example = "mnist") String model,
            @Schema(example = "3") int version,
            String until) {}

    public NetworkSpec {
        layers = List.copyOf(layers);
        // Specs of before there was freezing have no such field.
        freeze = freeze == null ? List.of() : List.copyOf(freeze);
    }

    /** A network with fresh weights, all of them trained. */
    public static NetworkSpec of(Shape inputShape, List<LayerSpec> layers) {
        return new NetworkSpec(inputShape, layers, List.of(), null);
    }
}
