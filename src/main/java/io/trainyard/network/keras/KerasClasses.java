package io.trainyard.network.keras;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Keras classes of one kind, by name, each with how its config is read. */
final class KerasClasses<T> {

    private final Map<String, Function<Fields, ? extends T>> readers;

    KerasClasses(Map<String, Function<Fields, ? extends T>> readers) {
        this.readers = new TreeMap<>(readers);
    }

    /** Reads a field that holds an object of one of the classes, or the bare name of one with its defaults. */
    T read(Fields parent, String key) {
        JsonNode json = parent.required(key);
        if (json.isString()) {
            return reader(parent, key, json.stringValue()).apply(parent.none(key));
        }
        Fields fields = parent.object(key);
        KerasObject object = KerasObject.of(fields);
        Function<Fields, ? extends T> reader = reader(fields, "class_name", object.className());
        Fields config = fields.inner("config");
        T read = config.make(() -> reader.apply(config));
        config.refuseOthers();
        fields.refuseOthers();
        return read;
    }

    private Function<Fields, ? extends T> reader(Fields fields, String key, String className) {
        Function<Fields, ? extends T> reader = readers.get(camelCase(className));
        if (reader == null) {
            throw fields.fault(
                    key,
                    "'" + Fields.cut(className) + "' is not supported; supported: " + String.join(", ", readers.keySet()));
        }
        return reader;
    }

    /** The name of the class that Keras also knows by such a name as {@code glorot_uniform}. */
    private static String camelCase(String name) {
        return Stream.of(name.split("_"))
                .map(word -> word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}
