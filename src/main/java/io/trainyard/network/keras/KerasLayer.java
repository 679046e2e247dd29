package io.trainyard.network.keras;

import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.ProblemException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One layer as Keras writes it.
 *
 * @param fields those beside its config
 */
record KerasLayer(String className, Fields fields, LayerConfig config) {

    /**
     * Reads what every layer has.
     *
     * @param place where the layer stands, in words that follow its name
     * @param input the shape that it takes; null where it is not known
     */
    static KerasLayer of(JsonNode json, String pointer, String place, @Nullable Shape input) {
        String owner = label(json) + place;
        Fields fields = new Fields(json, pointer, owner);
        String className = ClassName.of(fields);
        if (className.equals("Lambda")) {
            throw fields.faultOfWhole("class_name", "holds code, which is never run");
        }
        Integer inputRank = input == null ? builtRank(fields) : Integer.valueOf(input.rank() + 1);
        LayerConfig config = new LayerConfig(fields.required("config"), fields.pointer("config"), owner, inputRank);
        return new KerasLayer(className, fields, config);
    }

    private static String label(JsonNode json) {
        String name = json.path("config").path("name").stringValue("");
        String className = json.path("class_name").stringValue("");
        return (name.isEmpty() ? "a layer without a name" : "layer '" + Fields.cut(name) + "'")
                + (className.isEmpty() ? "" : " (" + Fields.cut(className) + ")");
    }

    private static @Nullable Integer builtRank(Fields fields) {
        JsonNode build = fields.value("build_config");
        JsonNode shape = build == null ? null : build.get("input_shape");
        return shape == null || !shape.isArray() ? null : Integer.valueOf(shape.size());
    }

    /** Reads the layer whole: each of its fields is understood, or refused. */
    <T extends LayerSpec> T read(Function<LayerConfig, T> reader) {
        config.ignore("name", "trainable", "batch_input_shape");
        config.onlyNull("activity_regularizer");
        // Early Keras 2 writes the integers of an embedding's input here.
        if (className.equals("Embedding")) {
            DtypePolicy.checkOfInput(config, "dtype");
        } else {
            DtypePolicy.check(config, "dtype");
        }
        T spec = config.make(() -> reader.apply(config));
        refuseOthers();
        return spec;
    }

    void refuseOthers() {
        config.refuseOthers();
        fields.refuseOthers();
    }

    /** Says that a layer of this class cannot stand here. */
    ProblemException unsupported(String detail) {
        return fields.faultOfWhole("class_name", detail);
    }
}
