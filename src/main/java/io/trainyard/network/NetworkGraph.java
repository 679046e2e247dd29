package io.trainyard.network;

import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.ShapeMismatchException;
import io.trainyard.network.layer.Weight;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network with every name, shape and weight known.
 *
 * @param nodes in the spec's order; the last gives the network's answer
 */
public record NetworkGraph(Shape inputShape, List<Node> nodes) {

    /** The name under which layers take what the network is given. */
    public static final String INPUT = "input";

    private static final int MAX_LAYERS = 1000;

    /**
     * A layer in its place.
     *
     * @param name its own, or one made from its type as Keras does: {@code dense}, {@code dense_1}…
     * @param inputs names of other nodes, or {@link #INPUT}
     * @param frozen whether training leaves it as it is; batch normalisation then uses its moving averages
     */
    public record Node(
            String name,
            LayerSpec layer,
            List<String> inputs,
            List<Shape> inputShapes,
            Shape outputShape,
            List<Weight> weights,
            boolean frozen) {

        /** The only input's shape. */
        public Shape inputShape() {
            return inputShapes.get(0);
        }

        /** The number of parameters, trained or kept. */
        public long parameters() {
            return weights.stream().mapToLong(Weight::size).sum();
        }
    }

    /**
     * Names the layers, follows the shapes through them and checks that each layer is used.
     *
     * @throws ProblemException INVALID_NETWORK, with a pointer relative to the job's body
     */
    public static NetworkGraph of(NetworkSpec network) {
        Map<String, Shape> shapes = new HashMap<>();
        shapes.put(INPUT, network.inputShape());
        if (network.layers().size() > MAX_LAYERS) {
            throw invalid(new FieldError(
                    "/network", "has " + network.layers().size() + " layers; at most " + MAX_LAYERS + " are taken"));
        }
        List<String> names = names(network.layers());
        Set<String> frozen = frozen(network, names);
        Map<String, Integer> unused = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        String before = INPUT;
        for (int i = 0; i < names.size(); i++) {
            LayerSpec layer = network.layers().get(i);
            List<String> inputs = layer.inputs() == null ? List.of(before) : layer.inputs();
            Node node = node(i, names.get(i), layer, inputs, shapes, frozen);
            inputs.forEach(unused::remove);
            unused.put(node.name(), i);
            shapes.put(node.name(), node.outputShape());
            nodes.add(node);
            before = node.name();
        }
        unused.remove(before);
        if (!unused.isEmpty()) {
            int index = unused.values().iterator().next();
            throw invalid(layerError(
                    index,
                    "no layer takes the output of '" + names.get(index)
                            + "'; name it in a later layer's 'inputs', or leave it out"));
        }
        return new NetworkGraph(network.inputShape(), List.copyOf(nodes));
    }

    private static Node node(
            int index,
            String name,
            LayerSpec layer,
            List<String> inputs,
            Map<String, Shape> shapes,
            Set<String> frozen) {
        List<Shape> inputShapes = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            Shape shape = shapes.get(inputs.get(k));
            if (shape == null) {
                throw invalid(new FieldError(
                        "/network/layers/" + index + "/inputs/" + k,
                        "there is no layer '" + inputs.get(k) + "' before this one; '" + INPUT
                                + "' is what the network is given"));
            }
            inputShapes.add(shape);
        }
        try {
            Shape output = layer.outputShape(inputShapes);
            List<Weight> weights = layer.weights(inputShapes);
            weights.forEach(Weight::checkFeasible);
            if (frozen.contains(name)) {
                weights =
                        weights.stream().map(weight -> weight.trainable(false)).toList();
            }
            return new Node(name, layer, inputs, inputShapes, output, List.copyOf(weights), frozen.contains(name));
        } catch (ShapeMismatchException | InvalidFieldException mismatch) {
            throw invalid(layerError(index, String.valueOf(mismatch.getMessage())));
        } catch (ArithmeticException overflow) {
            throw invalid(layerError(index, "its output or its weights are too large"));
        }
    }

    /** Names as Keras makes them: the type, then type_1, type_2… */
    private static List<String> names(List<LayerSpec> layers) {
        Map<String, Integer> counts = new HashMap<>();
        Set<String> used = new HashSet<>(Set.of(INPUT));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            LayerSpec layer = layers.get(i);
            String name = layer.name();
            if (name == null) {
                int count = counts.merge(layer.type(), 1, Integer::sum) - 1;
                name = count == 0 ? layer.type() : layer.type() + "_" + count;
            }
            if (!used.add(name)) {
                throw invalid(new FieldError("/network/layers/" + i + "/name", "'" + name + "' is already used"));
            }
            names.add(name);
        }
        return names;
    }

    private static Set<String> frozen(NetworkSpec network, List<String> names) {
        Set<String> known = Set.copyOf(names);
        for (int i = 0; i < network.freeze().size(); i++) {
            String name = network.freeze().get(i);
            if (!known.contains(name)) {
                throw invalid(
                        new FieldError("/network/freeze/" + i, "there is no layer '" + name + "'; there are " + names));
            }
        }
        return Set.copyOf(network.freeze());
    }

    /** The node that gives the network's answer. */
    public Node output() {
        return nodes.get(nodes.size() - 1);
    }

    static FieldError layerError(int index, String detail) {
        return new FieldError("/network/layers/" + index, detail);
    }

    static ProblemException invalid(FieldError error) {
        return new ProblemException(
                ProblemType.INVALID_NETWORK, error.pointer() + ": " + error.detail(), List.of(error));
    }
}
