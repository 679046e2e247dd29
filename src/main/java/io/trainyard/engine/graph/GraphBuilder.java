package io.trainyard.engine.graph;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Translates a network into a DL4J configuration, node by node. Every size is given, so DL4J infers nothing and puts
 * nothing in between.
 *
 * <p>A softmax or sigmoid at the end goes into the last vertex, a loss layer, so that the loss can be fused with it.
 */
final class GraphBuilder {

    private static final String OUTPUT = "output";

    private final boolean forTraining;
    private final NetworkGraph network;
    private final ComputationGraphConfiguration.GraphBuilder graph;
    private final List<Placement> placements = new ArrayList<>();
    /** The vertex that holds each node's output. */
    private final Map<String, String> outputs = new HashMap<>();

    private final Set<String> vertices = new HashSet<>();

    private GraphBuilder(NetworkGraph network, boolean forTraining) {
        this.network = network;
        this.forTraining = forTraining;
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                // DL4J's default is the time; what is published must depend on the spec alone.
                .seed(0)
                .updater(new Sgd());
        if (forTraining) {
            // Keeps each layer's pre-activation; otherwise the backward pass computes every convolution again.
            global.cacheMode(CacheMode.DEVICE);
        }
        this.graph = global.graphBuilder().addInputs(NetworkGraph.INPUT);
        outputs.put(NetworkGraph.INPUT, NetworkGraph.INPUT);
        network.nodes().forEach(node -> vertices.add(node.name()));
        vertices.add(NetworkGraph.INPUT);
    }

    /** A configuration, and where the network's weights lie in it. */
    record Plan(ComputationGraphConfiguration configuration, List<Placement> placements) {}

    /**
     * A configuration to be trained, whose output is that of the network before its last softmax or sigmoid.
     *
     * @param loss is given that output
     */
    static Plan training(NetworkGraph network, ILossFunction loss) {
        return new GraphBuilder(network, true).build(loss, Activation.LINEAR);
    }

    /** A configuration to be published and served, whose output is the network's. */
    static Plan inference(NetworkGraph network, ILossFunction loss) {
        return new GraphBuilder(network, false)
                .build(loss, network.output().layer().outputActivation());
    }

    private Plan build(ILossFunction loss, Activation last) {
        for (NetworkGraph.Node node : network.nodes()) {
            outputs.put(node.name(), Translations.translate(node, this));
        }
        LossLayer.Builder output = new LossLayer.Builder().lossFunction(loss);
        output.activation(Activations.of(isFused(last) ? last : Activation.LINEAR));
        String name = fresh(OUTPUT);
        graph.addLayer(name, output.build(), vertex(network.output().name()));
        graph.setOutputs(name);
        return new Plan(graph.build(), List.copyOf(placements));
    }

    /** Whether an activation at the end of the network is left to the loss layer. */
    private static boolean isFused(Activation activation) {
        return activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
    }

    boolean isForTraining() {
        return forTraining;
    }

    /** The activation that a node's own layer is to apply: none at the end of the network where it is fused. */
    Activation ownActivation(NetworkGraph.Node node, Activation activation) {
        return node.name().equals(network.output().name()) && isFused(activation) ? Activation.LINEAR : activation;
    }

    /** The vertex that holds the node's only input. */
    String input(NetworkGraph.Node node) {
        return vertex(node.inputs().get(0));
    }

    /** The vertices that hold the node's inputs. */
    String[] inputs(NetworkGraph.Node node) {
        return node.inputs().stream().map(this::vertex).toArray(String[]::new);
    }

    private String vertex(String node) {
        return Objects.requireNonNull(outputs.get(node), node);
    }

    /** Adds a layer under its node's name; returns the name of its vertex. */
    String add(NetworkGraph.Node node, Layer layer, String input) {
        graph.addLayer(node.name(), layer, input);
        return node.name();
    }

    /** Adds a vertex under its node's name; returns its name. */
    String add(NetworkGraph.Node node, GraphVertex vertex, String... inputs) {
        graph.addVertex(node.name(), vertex, inputs);
        return node.name();
    }

    /** Adds a further layer of a node; returns the name of its vertex. */
    String addPart(NetworkGraph.Node node, String part, Layer layer, String input) {
        String name = fresh(node.name() + "." + part);
        graph.addLayer(name, layer, input);
        return name;
    }

    /** Adds a further vertex of a node; returns its name. */
    String addPart(NetworkGraph.Node node, String part, GraphVertex vertex, String... inputs) {
        String name = fresh(node.name() + "." + part);
        graph.addVertex(name, vertex, inputs);
        return name;
    }

    /** Adds a vertex that gives each instance another shape; returns its name. */
    String reshape(NetworkGraph.Node node, String part, String input, int... shape) {
        int[] batch = new int[shape.length + 1];
        batch[0] = -1;
        System.arraycopy(shape, 0, batch, 1, shape.length);
        return addPart(node, part, new ReshapeVertex('c', batch, null), input);
    }

    /** Adds a vertex that makes a row of each last axis, {@code [rows · …, last]}; returns its name. */
    String toRows(NetworkGraph.Node node, String input, Shape shape) {
        return reshape(node, "rows", input, shape.last());
    }

    /** Says in which parameters a weight of a node lies. */
    void place(NetworkGraph.Node node, String weight, Block... blocks) {
        Weight found = node.weights().stream()
                .filter(each -> each.name().equals(weight))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(node.name() + " has no weight " + weight));
        placements.add(new Placement(node.name(), found, Arrays.asList(blocks)));
    }

    /** Likewise, where the node has such a weight. */
    void placeIfThere(NetworkGraph.Node node, String weight, Block... blocks) {
        if (node.weights().stream().anyMatch(each -> each.name().equals(weight))) {
            place(node, weight, blocks);
        }
    }

    /** A parameter that is kept in Keras' layout, up to the shape. */
    static Block same(String vertex, String parameter, int... shape) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        return new Block(vertex, parameter, array -> view(array, sizes));
    }

    private static INDArray view(INDArray array, long[] shape) {
        return Arrays.equals(array.shape(), shape) ? array : array.reshape(array.ordering(), shape);
    }

    private String fresh(String wanted) {
        String name = wanted;
        for (int i = 1; !vertices.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
