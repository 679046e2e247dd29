package io.trainyard.network.keras;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Keras classes of one kind, which a layer's config holds as objects, or by a name that stands for their defaults. */
final class KerasClasses<T> {

    private final Map<String, Function<Fields, ? extends T>> byClass;
    private final Map<String, ? extends T> byName;

    /**
     * The classes of one kind.
     *
     * @param byClass how an object's config is read, by the name of its class
     * @param byName what a bare name stands for
     */
    KerasClasses(Map<String, Function<Fields, ? extends T>> byClass, Map<String, ? extends T> byName) {
        this.byClass = new TreeMap<>(byClass);
        this.byName = new TreeMap<>(byName);
    }

    T read(Fields parent, String key) {
        JsonNode json = parent.required(key);
        if (json.isString()) {
            return known(byName, json.stringValue(), parent, key);
        }
        Fields fields = parent.object(key);
        String className = ClassName.of(fields);
        Function<Fields, ? extends T> reader = known(byClass, className, fields, "class_name");
        Fields config = fields.inner("config");
        T read = config.make(() -> reader.apply(config));
        config.refuseOthers();
        fields.refuseOthers();
        return read;
    }

    private static <V> V known(Map<String, ? extends V> values, String name, Fields fields, String key) {
        V value = values.get(name);
        if (value == null) {
            throw fields.fault(
                    key,
                    "'" + Fields.cut(name) + "' is not supported; supported: " + String.join(", ", values.keySet()));
        }
        return value;
    }
}
