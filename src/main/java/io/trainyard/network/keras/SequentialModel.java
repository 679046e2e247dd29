package io.trainyard.network.keras;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.ShapeMismatchException;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A Sequential: layers one after another, each taking what the one before it gives. */
final class SequentialModel {

    private static final String SEQUENTIAL = "Sequential";
    private static final Set<String> BRANCHING = Set.of("Functional", "Model");
    private static final String INPUT_LAYER = "InputLayer";

    private final Fields model;
    private final JsonNode entries;
    private final String pointer;
    private final boolean trainable;
    private final @Nullable Fields config;

    private SequentialModel(Fields model) {
        this.model = model;
        JsonNode json = model.required("config");
        // Early Keras 2 writes the layers and nothing else.
        if (json.isArray()) {
            entries = json;
            pointer = model.pointer("config");
            trainable = true;
            config = null;
        } else {
            config = model.inner("config");
            config.ignore("name", "build_input_shape");
            DtypePolicy.check(config, "dtype");
            entries = config.required("layers");
            pointer = config.pointer("layers");
            trainable = config.flag("trainable", true);
            config.refuseOthers();
        }
        if (!entries.isArray()) {
            throw Fields.problem(pointer, model.owner() + ": layers must be an array, was " + Fields.shown(entries));
        }
    }

    /** Whether a class is a model, rather than a layer. */
    static boolean isModel(String className) {
        return className.equals(SEQUENTIAL) || BRANCHING.contains(className);
    }

    static KerasJson.Parsed read(Fields model) {
        String className = ClassName.of(model);
        if (!className.equals(SEQUENTIAL)) {
            throw model.fault(
                    "class_name",
                    "'" + Fields.cut(className) + "' is not supported; only Sequential is read, and a network with"
                            + " branches can be posted as 'layers' with 'inputs'");
        }
        model.ignore("keras_version", "backend");
        SequentialModel sequential = new SequentialModel(model);
        model.refuseOthers();
        return sequential.parse();
    }

    private KerasJson.Parsed parse() {
        int first = !entries.isEmpty() && layer(0, null).className().equals(INPUT_LAYER) ? 1 : 0;
        if (entries.size() == first) {
            throw Fields.problem(pointer, model.owner() + ": layers must hold at least one layer");
        }
        Shape inputShape = inputShape(first);
        Shape shape = inputShape;
        List<LayerSpec> layers = new ArrayList<>();
        List<String> freeze = new ArrayList<>();
        Set<String> names = new HashSet<>(Set.of(NetworkGraph.INPUT));
        for (int i = first; i < entries.size(); i++) {
            KerasLayer layer = layer(i, shape);
            LayerSpec spec = LayerReaders.read(layer);
            if (spec.name() != null && !names.add(spec.name())) {
                throw layer.config().fault("name", "is already used");
            }
            if (!trainable || !layer.config().isTrainable()) {
                freeze.add(layer.config().requiredText("name"));
            }
            layers.add(spec);
            shape = shape == null ? null : outputShape(spec, shape);
        }
        return new KerasJson.Parsed(inputShape, layers, freeze);
    }

    private KerasLayer layer(int index, @Nullable Shape input) {
        return KerasLayer.of(entries.get(index), FieldError.pointer(pointer, index), "", input);
    }

    /** The shape of one instance, as the first of the places says where Keras writes it; null where none does. */
    private @Nullable Shape inputShape(int first) {
        Shape shape = first == 0 ? null : inputLayer(layer(0, null));
        KerasLayer layer = layer(first, null);
        if (shape == null) {
            shape = BatchShape.read(layer.config(), "batch_input_shape");
        }
        if (shape == null && config != null) {
            shape = BatchShape.read(config, "build_input_shape");
        }
        if (shape == null) {
            shape = BatchShape.ofBuild(model);
        }
        return shape == null ? BatchShape.ofBuild(layer.fields()) : shape;
    }

    private static @Nullable Shape inputLayer(KerasLayer layer) {
        LayerConfig config = layer.config();
        config.ignore("name", "trainable");
        DtypePolicy.checkOfInput(config, "dtype");
        config.onlyFalse("sparse", "ragged", "optional");
        Shape shape = BatchShape.read(config, "batch_shape");
        Shape ofKeras2 = BatchShape.read(config, "batch_input_shape");
        layer.refuseOthers();
        return shape == null ? ofKeras2 : shape;
    }

    /** What a layer gives; null where it cannot take the shape, which is told when the network is put together. */
    private static @Nullable Shape outputShape(LayerSpec layer, Shape input) {
        try {
            return layer.outputShape(List.of(input));
        } catch (ShapeMismatchException | InvalidFieldException | ArithmeticException mismatch) {
            return null;
        }
    }
}
