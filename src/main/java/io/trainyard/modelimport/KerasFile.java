package io.trainyard.modelimport;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.trainyard.engine.WeightSource;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.keras.KerasJson;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Reshape;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Weight;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code .h5} file that {@code model.save} of Keras 2 writes, and of Keras 3 for that name: the model's JSON is an
 * attribute of the file, and each layer's weights are datasets in a group below {@code model_weights}, in the order that the
 * group's attribute {@code weight_names} gives. Read by jhdf, so that no native code sees the file.
 */
final class KerasFile implements AutoCloseable {

    private static final String POINTER = "/network/keras";
    private static final String CONFIG = "model_config";
    private static final String WEIGHTS = "model_weights";
    private static final String WEIGHT_NAMES = "weight_names";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final HdfFile file;
    private final NetworkSpec network;
    private final Map<String, List<Dataset>> datasets = new HashMap<>();

    private KerasFile(HdfFile file, NetworkSpec network) {
        this.file = file;
        this.network = network;
    }

    /**
     * Opens a file and checks that it holds every weight of its network, in its shape.
     *
     * @param wanted the shape of the rows that the network is to take; null where the file has to say it
     * @param maxBytes of all weights together
     * @throws InvalidFieldException for {@code file} or {@code input_shape}
     */
    static KerasFile open(Path path, @Nullable Shape wanted, long maxBytes) {
        HdfFile opened = new HdfFile(path);
        try {
            KerasFile file = new KerasFile(opened, network(opened, wanted));
            file.locate(maxBytes);
            return file;
        } catch (RuntimeException refused) {
            opened.close();
            throw refused;
        }
    }

    /** Its network in this service's terms. */
    NetworkSpec network() {
        return network;
    }

    /** Its weights. */
    WeightSource weights() {
        Map<String, List<String>> names = new HashMap<>();
        NetworkGraph.of(network)
                .nodes()
                .forEach(node -> names.put(
                        node.name(), node.weights().stream().map(Weight::name).toList()));
        return (layer, weight) ->
                floats(at(datasets, layer).get(at(names, layer).indexOf(weight.name())), layer);
    }

    private static <T> T at(Map<String, T> map, String layer) {
        T value = map.get(layer);
        if (value == null) {
            throw new IllegalArgumentException(layer);
        }
        return value;
    }

    private static NetworkSpec network(HdfFile file, @Nullable Shape wanted) {
        Attribute config = file.getAttribute(CONFIG);
        if (config == null) {
            throw refused("has no attribute " + CONFIG
                    + ": it holds weights alone. Save the whole model, with model.save('name.h5')");
        }
        try {
            KerasJson.Parsed parsed = KerasJson.parse(MAPPER.readTree(text(config)));
            Shape own = parsed.inputShape();
            Shape rows = wanted == null ? own : wanted;
            if (rows == null) {
                throw new InvalidFieldException(
                        "input_shape", "is required, or a dataset: the model was saved without having been built");
            }
            NetworkSpec spec = new NetworkSpec(
                    rows, own == null ? parsed.layers() : reshaped(parsed.layers(), rows, own), parsed.freeze(), null);
            NetworkGraph.of(spec);
            return spec;
        } catch (JacksonException malformed) {
            throw refused("has an attribute " + CONFIG + " that is not JSON");
        } catch (ProblemException unfit) {
            FieldError error = unfit.errors().get(0);
            throw refused("holds a network that cannot be taken: "
                    + (error.pointer().startsWith(POINTER + "/")
                            ? CONFIG + error.pointer().substring(POINTER.length()) + ": "
                            : "")
                    + error.detail());
        }
    }

    /** Rows of another shape with as many values are brought into the model's first, in their order. */
    private static List<LayerSpec> reshaped(List<LayerSpec> layers, Shape rows, Shape own) {
        if (rows.equals(own)) {
            return layers;
        }
        if (rows.size() != own.size()) {
            throw new InvalidFieldException(
                    "input_shape", "is " + rows + ", but the network takes rows of shape " + own);
        }
        String name = "rows";
        while (isNameOf(name, layers)) {
            name += "_";
        }
        List<LayerSpec> all = new ArrayList<>(List.of(new Reshape(name, null, own.dimensions())));
        all.addAll(layers);
        return all;
    }

    private static boolean isNameOf(String name, List<LayerSpec> layers) {
        return layers.stream().anyMatch(layer -> name.equals(layer.name()));
    }

    private void locate(long maxBytes) {
        List<NetworkGraph.Node> nodes = NetworkGraph.of(network).nodes();
        double parameters =
                nodes.stream().mapToDouble(NetworkGraph.Node::parameters).sum();
        if (Float.BYTES * parameters > maxBytes) {
            throw refused("holds a network of " + (long) parameters + " parameters; at most " + maxBytes / Float.BYTES
                    + " are taken");
        }
        Group all = group(file, WEIGHTS, "the file");
        for (NetworkGraph.Node node : nodes) {
            if (!node.weights().isEmpty()) {
                datasets.put(node.name(), located(all, node));
            }
        }
    }

    private static List<Dataset> located(Group all, NetworkGraph.Node node) {
        String owner = "layer '" + node.name() + "'";
        Group layer = group(all, node.name(), owner);
        List<String> names = names(layer);
        List<Weight> weights = node.weights();
        if (names.size() != weights.size()) {
            throw refused("holds for " + owner + " the weights " + names + ", but the layer has "
                    + weights.stream().map(Weight::name).toList());
        }
        List<Dataset> located = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            located.add(located(layer, names.get(i), weights, i, owner));
        }
        return located;
    }

    private static Dataset located(Group layer, String name, List<Weight> weights, int index, String owner) {
        Weight weight = weights.get(index);
        String own = name.substring(name.lastIndexOf('/') + 1).replaceFirst(":\\d+$", "");
        if (weights.stream().anyMatch(other -> other.name().equals(own)) && !own.equals(weight.name())) {
            throw refused("holds the " + own + " of " + owner + " where Keras writes the " + weight.name());
        }
        Node found = layer;
        for (String part : name.split("/", -1)) {
            found = found instanceof Group group ? child(group, part) : null;
        }
        if (!(found instanceof Dataset dataset)) {
            throw refused("lacks the weight " + name + " of " + owner);
        }
        List<Long> shape = Arrays.stream(dataset.getDimensionsAsLong()).boxed().toList();
        List<Long> expected = weight.shape().stream().map(Integer::longValue).toList();
        if (!shape.equals(expected)) {
            throw refused("holds the " + weight.name() + " of " + owner + " with shape " + shape
                    + ", but the layer needs " + expected);
        }
        return dataset;
    }

    private static Group group(Group parent, String name, String owner) {
        if (child(parent, name) instanceof Group group) {
            return group;
        }
        throw refused("has no group '" + name + "': the weights of " + owner + " are missing");
    }

    /** Links can point into other files of this machine. */
    private static @Nullable Node child(Group parent, String name) {
        Node child = parent.getChildren().get(name);
        if (child != null && child.isLink()) {
            throw refused("holds the link '" + name + "'; links are not followed");
        }
        return child;
    }

    private static List<String> names(Group layer) {
        Attribute whole = layer.getAttribute(WEIGHT_NAMES);
        if (whole != null) {
            return texts(whole);
        }
        // Where they are more than an attribute holds, Keras numbers several.
        List<String> names = new ArrayList<>();
        for (int i = 0; layer.getAttribute(WEIGHT_NAMES + i) != null; i++) {
            names.addAll(texts(layer.getAttribute(WEIGHT_NAMES + i)));
        }
        return names;
    }

    private static String text(Attribute attribute) {
        if (attribute.getData() instanceof String text) {
            return text;
        }
        throw refused("has an attribute " + attribute.getName() + " that is not a text");
    }

    private static List<String> texts(Attribute attribute) {
        if (attribute.isEmpty() || attribute.getSize() == 0) {
            return List.of();
        }
        if (attribute.getData() instanceof String[] texts) {
            return List.of(texts);
        }
        throw refused("has an attribute " + attribute.getName() + " that is not an array of texts");
    }

    private static float[] floats(Dataset dataset, String layer) {
        Object data = dataset.getDataFlat();
        if (data instanceof float[] floats) {
            return floats;
        }
        if (data instanceof double[] doubles) {
            float[] floats = new float[doubles.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) doubles[i];
            }
            return floats;
        }
        throw refused("holds weights of layer '" + layer + "' that are not floating-point numbers of 32 or 64 bits");
    }

    private static InvalidFieldException refused(String detail) {
        return new InvalidFieldException("file", detail);
    }

    @Override
    public void close() {
        file.close();
    }
}
