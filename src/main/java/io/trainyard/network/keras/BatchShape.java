package io.trainyard.network.keras;

import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
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
            throw fields.fault(key, "must be an array whose first element is for the batch, was " + Fields.shown(json));
        }
        if (!json.get(0).isNull()) {
            fields.integer(key, json.get(0));
        }
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 1; i < json.size(); i++) {
            if (json.get(i).isNull()) {
                throw fields.fault(
                        key,
                        Fields.shown(json)
                                + " leaves a length open; give the model a fixed one, and pad or cut the data");
            }
            dimensions.add(fields.integer(key, json.get(i)));
        }
        try {
            return new Shape(dimensions);
        } catch (InvalidFieldException invalid) {
            throw fields.fault(key, Fields.shown(json) + " is not supported: " + invalid.detail());
        }
    }

    /** The shape that a model or layer was built for. */
    static @Nullable Shape ofBuild(Fields fields) {
        return fields.value("build_config") == null ? null : read(fields.object("build_config"), "input_shape");
    }
}
