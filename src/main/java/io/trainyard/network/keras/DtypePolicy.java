package io.trainyard.network.keras;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Checks the number format that a model, a layer or an initializer asks for: this service computes in float32. */
final class DtypePolicy {

    private static final String FLOAT32 = "float32";
    private static final Set<String> INTEGERS = Set.of("int32", "int64");

    private DtypePolicy() {}

    /** Refuses another format, be it written as a name or as a policy. */
    static void check(Fields fields, String key) {
        JsonNode dtype = fields.value(key);
        if (dtype == null || dtype.isString()) {
            fields.only(key, FLOAT32);
            return;
        }
        Fields object = fields.object(key);
        String className = ClassName.of(object);
        if (!className.equals("DTypePolicy") && !className.equals("Policy")) {
            throw object.fault("class_name", "'" + Fields.cut(className) + "' is not supported; only DTypePolicy is");
        }
        Fields policy = object.inner("config");
        policy.requiredText("name");
        policy.only("name", FLOAT32);
        policy.refuseOthers();
        object.refuseOthers();
    }

    /** The same for a network's input, which may also be the integers that an embedding takes. */
    static void checkOfInput(Fields fields, String key) {
        JsonNode dtype = fields.value(key);
        if (dtype == null || !dtype.isString() || !INTEGERS.contains(dtype.stringValue())) {
            check(fields, key);
        }
    }
}
