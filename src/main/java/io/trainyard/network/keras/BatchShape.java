package io.trainyard.network.keras;

import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads shapes as Keras writes them, with the batch as their first dimension. */
final class BatchShape {

    private BatchShape() {}

    /** The shape without its batch; null where the field is missing or null. */
    static @Nullable Shape read(Fields fields, String key) {
        JsonNode json = fields.value(key);
        if (json == null) {
            return null;
        }
        if (!json.isArray() || json.isEmpty()) {
            throw fields.fault(key, "must be an array that begins with the batch, was " + Fields.shown(json));
        }
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 1; i < json.size(); i++) {
            if (json.get(i).isNull()) {
                throw fields.fault(
                        key,
                        Fields.shown(json) + " leaves a length open, which is not supported; give Input a fixed length"
                                + " and pad or cut the data to it");
            }
            dimensions.add(fields.integer(key, json.get(i)));
        }
        return fields.make(key, () -> new Shape(dimensions));
    }

    /** The shape that a model or layer was built for. */
    static @Nullable Shape ofBuild(Fields fields) {
        return fields.value("build_config") == null ? null : read(fields.object("build_config"), "input_shape");
    }
}
