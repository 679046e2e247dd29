package io.trainyard.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The network that a client asks for, in one of four ways.
 *
 * @param inputShape of one instance; the dataset's where it is left out
 * @param layers from input to output; beside {@code base}, those that are put after its layers
 * @param keras what Keras' {@code model.to_json()} writes for a Sequential
 * @param preset the name of a ready network
 * @param base a version to go on from
 * @param freeze names of layers that training is not to change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkRequest(
        @ArraySchema(arraySchema = @Schema(example = "[28, 28, 1]"), schema = @Schema(implementation = Integer.class))
        @Nullable
        Shape inputShape,

        @Nullable List<LayerSpec> layers,

        @Schema(type = "object", description = "What Keras' `model.to_json()` writes for a Sequential.") @Nullable
        JsonNode keras,

        @Schema(description = "The name of a ready network; see `GET /api/v1/presets`.") @Nullable
        String preset,

        @Nullable Base base,
        @Nullable List<String> freeze) {

    private static final int MAX_LAYERS = 1000;

    /**
     * A version of a model to go on from: its layers with their weights.
     *
     * @param version the newest where it is left out
     * @param until the last layer that is kept; all where it is left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Base(
            @Schema(example = "mnist", requiredMode = Schema.RequiredMode.REQUIRED)
            String model,

            @Schema(example = "3") @Nullable Integer version,
            @Schema(example = "flatten") @Nullable String until) {

        public Base {
            InvalidFieldException.required("model", model);
            if (version != null && version < 1) {
                throw new InvalidFieldException("version", "must be at least 1, was " + version);
            }
        }
    }

    public NetworkRequest {
        if (layers != null) {
            if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
                throw new InvalidFieldException(
                        "layers", "must hold from 1 to " + MAX_LAYERS + " layers, was " + layers.size());
            }
            if (layers.stream().anyMatch(Objects::isNull)) {
                throw new InvalidFieldException("layers", "must not hold null");
            }
            layers = List.copyOf(layers);
        }
        if (freeze != null) {
            if (freeze.size() > MAX_LAYERS || freeze.stream().anyMatch(Objects::isNull)) {
                throw new InvalidFieldException("freeze", "must hold at most " + MAX_LAYERS + " names and no null");
            }
            freeze = freeze.stream().distinct().toList();
        }
        long sources = Stream.of(keras, preset, base).filter(Objects::nonNull).count();
        if (sources == 0 && layers == null) {
            throw new InvalidFieldException("layers", "is required, or one of keras, preset and base in its place");
        }
        if (sources > 1 || (layers != null && (keras != null || preset != null))) {
            throw new InvalidFieldException(
                    "", "must be given in one way: layers, keras, preset or base; only base can have layers beside it");
        }
    }
}
