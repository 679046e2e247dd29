package io.trainyard.network.keras;

import org.jspecify.annotations.Nullable;

/**
 * What Keras writes for a layer, an initializer and the like: the name of its class, and its config.
 *
 * @param fields those beside {@code class_name}
 */
record KerasObject(String className, Fields fields) {

    private static final String MODULE = "keras";

    /** Reads an object, which must be of one of Keras' own classes. */
    static KerasObject of(Fields fields) {
        String className = fields.requiredText("class_name");
        String module = fields.text("module");
        String registeredName = fields.text("registered_name");
        fields.ignore("build_config", "compile_config", "shared_object_id");
        if (module != null && !isOfKeras(module)) {
            throw fields.fault("module", "'" + Fields.cut(module) + "' is not Keras' own; custom classes are not read");
        }
        if (className.contains(">") || isCustom(className, module, registeredName)) {
            throw fields.fault(
                    className.contains(">") ? "class_name" : "registered_name",
                    "names a custom class; only Keras' own classes are read");
        }
        return new KerasObject(className, fields);
    }

    private static boolean isOfKeras(String module) {
        return module.equals(MODULE) || module.startsWith(MODULE + ".");
    }

    /** A class of a user's script has no module, but is registered under its own name. */
    private static boolean isCustom(String className, @Nullable String module, @Nullable String registeredName) {
        return registeredName != null && !(module != null && registeredName.equals(className));
    }
}
