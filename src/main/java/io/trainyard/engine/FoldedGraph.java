package io.trainyard.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A trained graph with fewer steps, for inference alone: batch normalisation becomes part of the convolution or dense layer
 * before it, W' = W·γ/√(σ²+ε) and b' = (b − μ)·γ/√(σ²+ε) + β (Jacob et al., 2018, section 3.2), and an activation that of the
 * layer before it. Each step that is saved is a call into native code.
 */
final class FoldedGraph {

    private final ComputationGraph trained;
    private final ComputationGraphConfiguration configuration;
    private final Map<String, GraphVertex> vertices;
    private final Map<String, List<String>> inputs = new LinkedHashMap<>();
    /** Parameters that differ from the trained graph's. */
    private final Map<String, INDArray> changed = new HashMap<>();

    private FoldedGraph(ComputationGraph trained) {
        this.trained = trained;
        this.configuration = trained.getConfiguration().clone();
        this.vertices = new LinkedHashMap<>(configuration.getVertices());
        configuration.getVertexInputs().forEach((vertex, of) -> inputs.put(vertex, new ArrayList<>(of)));
    }

    /** The folded copy, with parameters of its own; empty when there is nothing to fold. */
    static Optional<ComputationGraph> of(ComputationGraph trained) {
        FoldedGraph folded = new FoldedGraph(trained);
        boolean any = false;
        while (folded.foldOne()) {
            any = true;
        }
        return any ? Optional.of(folded.build()) : Optional.empty();
    }

    private boolean foldOne() {
        for (Map.Entry<String, List<String>> vertex : inputs.entrySet()) {
            String name = vertex.getKey();
            Layer layer = layer(name);
            if (layer == null || vertex.getValue().size() != 1) {
                continue;
            }
            String before = vertex.getValue().get(0);
            if (!(layer(before) instanceof FeedForwardLayer linear) || !isLinear(linear) || !isOnlyFor(before, name)) {
                continue;
            }
            if (layer instanceof BatchNormalization norm && !norm.isUseLogStd() && !norm.isLockGammaBeta()) {
                scale(before, linear, name, norm.getEps());
            } else if (layer instanceof ActivationLayer activation) {
                linear.setActivationFn(activation.getActivationFn());
            } else {
                continue;
            }
            remove(name, before);
            return true;
        }
        return false;
    }

    private @Nullable Layer layer(String vertex) {
        return vertices.get(vertex) instanceof LayerVertex layer && layer.getPreProcessor() == null
                ? layer.getLayerConf().getLayer()
                : null;
    }

    /** Subclasses compute something else. */
    private static boolean isLinear(FeedForwardLayer layer) {
        return (layer.getClass() == ConvolutionLayer.class || layer.getClass() == DenseLayer.class)
                && layer.getActivationFn() instanceof ActivationIdentity;
    }

    private boolean isOnlyFor(String vertex, String consumer) {
        return inputs.values().stream().filter(of -> of.contains(vertex)).count() == 1
                && !configuration.getNetworkOutputs().contains(vertex)
                && !configuration.getNetworkOutputs().contains(consumer);
    }

    private void scale(String name, FeedForwardLayer layer, String norm, double epsilon) {
        INDArray variance = parameter(norm, "var");
        long[] row = {1, variance.length()};
        INDArray factor = Transforms.sqrt(variance.add(epsilon), false)
                .rdivi(1)
                .muli(parameter(norm, "gamma"))
                .reshape(row);
        INDArray weights = parameter(name, "W").dup();
        long[] perOutput = new long[weights.rank()];
        Arrays.fill(perOutput, 1);
        perOutput[layer instanceof ConvolutionLayer ? 0 : 1] = factor.length();
        changed.put(name + "_W", weights.muli(factor.reshape(perOutput)));
        INDArray bias = hasBias(layer) ? parameter(name, "b").dup().reshape(row) : Nd4j.zeros(row);
        changed.put(
                name + "_b",
                bias.subi(parameter(norm, "mean").reshape(row))
                        .muli(factor)
                        .addi(parameter(norm, "beta").reshape(row)));
        addBias(layer);
    }

    private INDArray parameter(String vertex, String name) {
        String key = vertex + "_" + name;
        return Objects.requireNonNull(
                changed.getOrDefault(key, trained.paramTable().get(key)), key);
    }

    private static boolean hasBias(FeedForwardLayer layer) {
        return layer instanceof ConvolutionLayer convolution ? convolution.hasBias() : ((DenseLayer) layer).hasBias();
    }

    private static void addBias(FeedForwardLayer layer) {
        if (layer instanceof ConvolutionLayer convolution) {
            convolution.setHasBias(true);
        } else {
            ((DenseLayer) layer).setHasBias(true);
        }
    }

    private void remove(String vertex, String before) {
        vertices.remove(vertex);
        inputs.remove(vertex);
        inputs.values().forEach(of -> of.replaceAll(name -> name.equals(vertex) ? before : name));
    }

    private ComputationGraph build() {
        configuration.setVertices(vertices);
        configuration.setVertexInputs(inputs);
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        Map<String, INDArray> own = trained.paramTable();
        graph.paramTable().forEach((key, parameter) -> {
            INDArray value = Objects.requireNonNull(changed.getOrDefault(key, own.get(key)), key);
            parameter.assign(value.reshape(parameter.shape()));
        });
        return graph;
    }
}
