package io.trainyard.network.keras;

import io.trainyard.network.layer.Activation;
import tools.jackson.databind.JsonNode;

/** Reads activation functions, which Keras writes by name or as an object of the class {@code function}. */
final class ActivationFunctions {

    private static final String FUNCTION = "function";

    private ActivationFunctions() {}

    static Activation read(Fields layer, String key) {
        JsonNode json = layer.required(key);
        if (json.isString()) {
            return layer.choice(key, Activation.class);
        }
        Fields fields = layer.object(key);
        String className = fields.requiredText("class_name");
        if (!className.equals(FUNCTION)) {
            throw fields.fault(
                    "class_name",
                    "'" + Fields.cut(className)
                            + "' is not the name of a function; a layer can follow this one instead");
        }
        // Keras takes a function of the module builtins for its own of that name.
        fields.only("module", "builtins", "keras.activations");
        fields.only("registered_name", FUNCTION, fields.requiredText("config"));
        Activation activation = fields.choice("config", Activation.class);
        fields.refuseOthers();
        return activation;
    }
}
