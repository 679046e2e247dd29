package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.NetworkSummary;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network that was trained elsewhere, in the form in which this service keeps networks. */
public final class ImportedNetwork implements AutoCloseable {

    /** In the summary's estimate of what training would take; a job that goes on from it says its own. */
    private static final int BATCH = 32;

    private static final OptimizerSpec PLAIN = new OptimizerSpec.Sgd(0.01, 0.0, false, null, null, null);

    private final ComputationGraph graph;
    private final Facts facts;

    private ImportedNetwork(ComputationGraph graph, Facts facts) {
        this.graph = graph;
        this.facts = facts;
    }

    /**
     * What is known of it.
     *
     * @param inputShape of one row
     * @param outputs how many numbers it answers a row with
     * @param activation that its answer went through; LINEAR also for all but softmax and sigmoid
     * @param network in this service's terms; null where its layers are another program's
     * @param summary its layers
     */
    public record Facts(
            List<Integer> inputShape,
            int outputs,
            Activation activation,
            @Nullable NetworkSpec network,
            Object summary) {}

    /** The summary of a network whose layers are another program's: names and types are DL4J's. */
    private record ForeignSummary(List<ForeignLayer> layers, long totalParameters, long trainableParameters) {}

    /** One row of it. */
    private record ForeignLayer(
            String name, String type, List<Long> outputShape, long parameters, List<String> inputs) {}

    static ImportedNetwork ofLayers(NetworkSpec spec, WeightSource weights) {
        NetworkGraph layers = NetworkGraph.of(spec);
        Activation activation = answer(layers.output().layer().outputActivation());
        Shape output = layers.output().outputShape();
        checkOutput(output.dimensions().stream().map(Integer::longValue).toList());
        Network network = ModelArchive.network(layers, loss(activation));
        try {
            for (PlacedWeight weight : network.weights()) {
                float[] values = weights.values(weight.node(), weight.weight());
                checkFinite(values, weight);
                weight.set(values);
            }
        } catch (RuntimeException refused) {
            network.close();
            throw refused;
        }
        NetworkSummary summary = NetworkSummary.of(layers, BATCH, PLAIN, 0);
        return new ImportedNetwork(
                network.graph(), new Facts(spec.inputShape().dimensions(), output.size(), activation, spec, summary));
    }

    static ImportedNetwork ofArchive(Path file, @Nullable Shape inputShape, long maxBytes) throws IOException {
        ForeignInput input = new ForeignInput(inputShape);
        ComputationGraph graph = ForeignArchive.read(file, input, maxBytes);
        try {
            String last = graph.getConfiguration().getNetworkOutputs().get(0);
            List<ForeignLayer> layers = layers(graph, input.shape());
            List<Long> output = layers.stream()
                    .filter(layer -> layer.name().equals(last))
                    .findFirst()
                    .orElseThrow()
                    .outputShape();
            checkOutput(output);
            return new ImportedNetwork(
                    graph,
                    new Facts(
                            input.shape().dimensions(),
                            Math.toIntExact(output.get(0)),
                            activation(graph.getConfiguration().getVertices().get(last)),
                            null,
                            new ForeignSummary(layers, graph.numParams(), graph.numParams())));
        } catch (RuntimeException refused) {
            Network.free(graph);
            throw refused;
        }
    }

    /** By running it: nothing else says for sure what comes out of each layer. */
    private static List<ForeignLayer> layers(ComputationGraph graph, Shape inputShape) {
        Map<String, INDArray> outputs;
        try (INDArray row = Nd4j.zeros(inputShape.batch(1))) {
            outputs = graph.feedForward(row, false);
        } catch (RuntimeException unfit) {
            throw new InvalidFieldException(
                    "input_shape",
                    "is " + inputShape + ", and the network cannot take such a row: "
                            + ForeignArchive.firstLine(unfit));
        }
        List<ForeignLayer> layers = new ArrayList<>();
        for (org.deeplearning4j.nn.graph.vertex.GraphVertex vertex : graph.getVertices()) {
            String name = vertex.getVertexName();
            List<String> inputs = graph.getConfiguration().getVertexInputs().get(name);
            if (inputs != null) {
                INDArray output = outputs.get(name);
                List<Long> shape = output == null
                        ? List.of()
                        : Arrays.stream(output.shape()).skip(1).boxed().toList();
                layers.add(new ForeignLayer(name, type(graph, name), shape, vertex.numParams(), inputs));
            }
        }
        return layers;
    }

    private static String type(ComputationGraph graph, String name) {
        GraphVertex vertex = graph.getConfiguration().getVertices().get(name);
        Class<?> type = vertex instanceof LayerVertex layer
                ? layer.getLayerConf().getLayer().getClass()
                : Objects.requireNonNull(vertex, name).getClass();
        return type.getSimpleName();
    }

    private static void checkOutput(List<Long> shape) {
        if (shape.size() != 1) {
            throw new InvalidFieldException(
                    "file", "gives answers of shape " + shape + "; networks that give a vector are taken");
        }
    }

    private static void checkFinite(float[] values, PlacedWeight weight) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InvalidFieldException(
                        "file",
                        "the " + weight.weight().name() + " of layer '" + weight.node()
                                + "' holds a value that is not a finite number");
            }
        }
    }

    private static Activation activation(@Nullable GraphVertex vertex) {
        Layer layer = vertex instanceof LayerVertex of ? of.getLayerConf().getLayer() : null;
        if (layer instanceof FrozenLayer frozen) {
            layer = frozen.getLayer();
        }
        IActivation function = layer instanceof BaseLayer based
                ? based.getActivationFn()
                : layer instanceof org.deeplearning4j.nn.conf.layers.ActivationLayer own ? own.getActivationFn() : null;
        return function instanceof ActivationSoftmax
                ? Activation.SOFTMAX
                : function instanceof ActivationSigmoid ? Activation.SIGMOID : Activation.LINEAR;
    }

    private static Activation answer(Activation activation) {
        return activation == Activation.SOFTMAX || activation == Activation.SIGMOID ? activation : Activation.LINEAR;
    }

    private static LossSpec loss(Activation activation) {
        return switch (activation) {
            case SOFTMAX -> new LossSpec.CategoricalCrossentropy(0.0);
            case SIGMOID -> new LossSpec.BinaryCrossentropy(0.0);
            default -> new LossSpec.MeanSquaredError();
        };
    }

    /** What is known of it. */
    public Facts facts() {
        return facts;
    }

    /** Writes it as {@link TrainingSession#save} does. */
    public void save(OutputStream out) throws IOException {
        ModelArchive.write(graph, out);
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        Network.free(graph);
    }
}
