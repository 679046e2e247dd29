package io.trainyard.network.keras;

import io.trainyard.network.layer.Regularizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads penalties on weights. */
final class Regularizers {

    private static final KerasClasses<Regularizer> CLASSES = new KerasClasses<>(Map.of(
            "L1", config -> new Regularizer.L1(config.number("l1", 0.01)),
            "L2", config -> new Regularizer.L2(config.number("l2", 0.01)),
            "L1L2", config -> new Regularizer.L1L2(config.number("l1", 0), config.number("l2", 0))));

    private Regularizers() {}

    static @Nullable Regularizer read(Fields layer, String key) {
        JsonNode json = layer.value(key);
        if (json == null) {
            return null;
        }
        // Keras 2 alone knows this bare name, which has other defaults than the class.
        if (json.isString() && json.stringValue().equals("l1_l2")) {
            return new Regularizer.L1L2(0.01, 0.01);
        }
        return CLASSES.read(layer, key);
    }
}
