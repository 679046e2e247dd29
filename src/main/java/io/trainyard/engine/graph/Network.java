package io.trainyard.engine.graph;

import io.trainyard.network.NetworkGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A DL4J graph that was made from a spec, and its weights by the spec's names. */
public final class Network implements AutoCloseable {

    private final ComputationGraph graph;
    private final List<PlacedWeight> weights;
    private final Set<String> frozen;

    private Network(NetworkGraph network, GraphBuilder.Plan plan) {
        frozen = network.nodes().stream()
                .filter(NetworkGraph.Node::frozen)
                .map(NetworkGraph.Node::name)
                .collect(Collectors.toUnmodifiableSet());
        graph = new ComputationGraph(plan.configuration());
        graph.init();
        Map<String, INDArray> parameters = graph.paramTable();
        List<PlacedWeight> placed = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            List<INDArray> parts = new ArrayList<>();
            long offset = 0;
            for (Block block : placement.blocks()) {
                String name = block.vertex() + "_" + block.parameter();
                INDArray parameter = Objects.requireNonNull(parameters.get(name), name);
                offset = parameter.offset();
                parts.add(block.layout().apply(parameter));
            }
            placed.add(new PlacedWeight(placement.node(), placement.weight(), List.copyOf(parts), offset));
        }
        weights = List.copyOf(placed);
    }

    /**
     * A network to be trained, whose output is that before its last softmax or sigmoid.
     *
     * @param loss is given that output
     */
    public static Network training(NetworkGraph network, ILossFunction loss) {
        return new Network(network, GraphBuilder.training(network, loss));
    }

    /**
     * A network to be published and served.
     *
     * @param loss with which other DL4J programs can go on training it
     */
    public static Network inference(NetworkGraph network, ILossFunction loss) {
        return new Network(network, GraphBuilder.inference(network, loss));
    }

    public ComputationGraph graph() {
        return graph;
    }

    /** All weights, layer by layer. */
    public List<PlacedWeight> weights() {
        return weights;
    }

    /** A weight of a layer by its name. */
    public PlacedWeight weight(String node, String name) {
        return weights.stream()
                .filter(weight ->
                        weight.node().equals(node) && weight.weight().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name + " in " + node));
    }

    /** Whether training leaves a layer as it is. */
    public boolean isFrozen(String node) {
        return frozen.contains(node);
    }

    /** Draws first values for all weights; the same for the same seed. */
    public void initialise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (PlacedWeight weight : weights) {
            weight.set(weight.weight().initializer().sample(weight.weight().shape(), random.split()));
        }
    }

    /** Takes over all parameters of a network with the same layers. */
    public void copyFrom(Network other) {
        graph.setParamTable(other.graph.paramTable());
    }

    /** Frees the parameters and gradients. */
    @Override
    public void close() {
        free(graph);
    }

    /**
     * Frees a graph's parameters and gradients. DL4J's own {@code close} would also destroy the thread's workspaces, which
     * other networks use, and collect the whole heap each time.
     */
    public static void free(ComputationGraph graph) {
        INDArray gradients = graph.getFlattenedGradients();
        if (gradients != null && gradients.closeable()) {
            gradients.close();
        }
        if (graph.params().closeable()) {
            graph.params().close();
        }
    }
}
