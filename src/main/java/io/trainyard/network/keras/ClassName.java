package io.trainyard.network.keras;

import org.jspecify.annotations.Nullable;

/** Reads which class an object is of, and refuses classes that are not Keras' own. */
final class ClassName {

    private static final String MODULE = "keras";

    private ClassName() {}

    static String of(Fields object) {
        String className = object.requiredText("class_name");
        String module = object.text("module");
        String registeredName = object.text("registered_name");
        object.ignore("build_config", "compile_config", "shared_object_id");
        if (module != null && !module.equals(MODULE) && !module.startsWith(MODULE + ".")) {
            throw object.fault("module", "'" + Fields.cut(module) + "' is not Keras' own; custom code is not read");
        }
        if (className.contains(">")) {
            throw custom(object, "class_name");
        }
        if (isRegistered(className, module, registeredName)) {
            throw custom(object, "registered_name");
        }
        return className;
    }

    /** A class of a user's script, which has no module, is registered even if it has the name of one of Keras'. */
    private static boolean isRegistered(String className, @Nullable String module, @Nullable String registeredName) {
        return registeredName != null && (module == null || !registeredName.equals(className));
    }

    private static RuntimeException custom(Fields object, String key) {
        return object.faultOfWhole(key, "is of a custom class; only Keras' own are read");
    }
}
