package io.trainyard.network.keras;

import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Sequential model as Keras 2 or Keras 3 writes it, in this service's terms. */
public final class KerasJson {

    private static final String POINTER = "/network/keras";
    private static final String OWNER = "the Keras model";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * What the model says.
     *
     * @param inputShape of one instance; null where the model was never built
     * @param freeze names of the layers that are not trainable
     */
    public record Parsed(@Nullable Shape inputShape, List<LayerSpec> layers, List<String> freeze) {

        public Parsed {
            layers = List.copyOf(layers);
            freeze = List.copyOf(freeze);
        }
    }

    private KerasJson() {}

    /**
     * Reads a model.
     *
     * @param json what {@code model.to_json()} writes: the object itself, or a string that holds it
     * @throws ProblemException INVALID_NETWORK, with a pointer below {@code /network/keras}; where the model came in a
     *     string, the pointer goes on inside it
     */
    public static Parsed parse(JsonNode json) {
        JsonNode model = json.isString() ? tree(json.stringValue()) : json;
        return SequentialModel.read(new Fields(model, POINTER, OWNER));
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException fault) {
            throw Fields.problem(POINTER, OWNER + " came as text that is not JSON" + place(fault.getLocation()));
        }
    }

    private static String place(@Nullable TokenStreamLocation location) {
        return location == null ? "" : ": see line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
