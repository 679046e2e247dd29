package io.trainyard.engine;

import io.trainyard.engine.vertex.ChannelsFirstVertex;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;

/**
 * What rows of a foreign network look like. Here they are channels-last; many DL4J networks take channels, or features,
 * first, or pictures as vectors. Steps before the first layer turn the one into the other.
 */
final class ForeignInput {

    private static final String FIELD = "input_shape";

    private final @Nullable Shape wanted;
    private @Nullable Shape shape;

    /**
     * @param wanted the shape of the rows that the network is to take; null where the network itself has to say it
     */
    ForeignInput(@Nullable Shape wanted) {
        this.wanted = wanted;
    }

    /** The shape of its rows, once a network has been adapted. */
    Shape shape() {
        if (shape == null) {
            throw new IllegalStateException("no network has been adapted");
        }
        return shape;
    }

    /**
     * What the first layer takes.
     *
     * @param shape sizes that are not known are 0
     * @param channelsFirst whether its channels come first
     * @param flat whether it takes them as a vector
     */
    private record Taken(List<Integer> shape, boolean channelsFirst, boolean flat) {}

    /**
     * Puts steps before the first layer, where they are needed.
     *
     * @return whether they were
     * @throws InvalidFieldException for {@code file}, or for {@code input_shape} where it does not fit, or is needed
     */
    boolean adapt(ComputationGraphConfiguration graph) {
        if (graph.getNetworkInputs().size() != 1 || graph.getNetworkOutputs().size() != 1) {
            throw ForeignArchive.refused("has " + graph.getNetworkInputs().size() + " inputs and "
                    + graph.getNetworkOutputs().size() + " outputs; networks with one of each are taken");
        }
        String input = graph.getNetworkInputs().get(0);
        Taken taken = taken(graph, input);
        if (taken == null) {
            shape = required(wanted, "the shape of one row, channels last: the network does not say it");
            return false;
        }
        Shape rows = wanted;
        if (rows == null) {
            if (taken.shape().contains(0)) {
                required(null, "of the form " + form(taken.shape()) + ", which the network does not say whole");
            }
            rows = new Shape(taken.shape());
        }
        shape = rows;
        int size = taken.shape().stream().reduce(1, (a, b) -> a * b);
        boolean alike = rows.rank() == taken.shape().size();
        for (int i = 0; alike && i < rows.rank(); i++) {
            alike = taken.shape().get(i) == 0 || taken.shape().get(i) == rows.dimension(i);
        }
        boolean asVector = size > 0
                && rows.size() == size
                && (taken.flat() || taken.shape().size() == 1);
        if (!alike && !asVector) {
            throw new InvalidFieldException(
                    FIELD, "is " + rows + ", but the network takes rows of shape " + form(taken.shape()));
        }
        boolean moved = taken.channelsFirst() && alike && rows.rank() > 1 && (rows.last() > 1 || !taken.flat());
        String last = moved ? insert(graph, input, "channels_first", new ChannelsFirstVertex()) : input;
        boolean flattened = asVector && rows.rank() > 1;
        if (flattened) {
            insert(graph, last, "vector", new ReshapeVertex('c', new int[] {-1, size}, null));
        }
        return moved || flattened;
    }

    private static Shape required(@Nullable Shape given, String what) {
        if (given == null) {
            throw new InvalidFieldException(FIELD, "is required, or a dataset: " + what);
        }
        return given;
    }

    private static String form(List<Integer> sizes) {
        return sizes.stream()
                .map(size -> size == 0 ? "?" : size.toString())
                .toList()
                .toString();
    }

    /**
     * Adds a step that takes what a vertex gives; all that took it before take what the step gives.
     *
     * @return the step's name
     */
    private static String insert(ComputationGraphConfiguration graph, String after, String wanted, GraphVertex step) {
        Map<String, GraphVertex> vertices = new LinkedHashMap<>(graph.getVertices());
        String name = wanted;
        for (int i = 1; vertices.containsKey(name) || graph.getNetworkInputs().contains(name); i++) {
            name = wanted + "_" + i;
        }
        Map<String, List<String>> inputs = new LinkedHashMap<>();
        String added = name;
        graph.getVertexInputs()
                .forEach((vertex, of) -> inputs.put(
                        vertex,
                        of.stream()
                                .map(each -> each.equals(after) ? added : each)
                                .toList()));
        inputs.put(name, List.of(after));
        vertices.put(name, step);
        graph.setVertices(vertices);
        graph.setVertexInputs(inputs);
        graph.setTopologicalOrder(null);
        graph.setTopologicalOrderStr(null);
        return name;
    }

    private static @Nullable Taken taken(ComputationGraphConfiguration graph, String input) {
        return graph.getVertexInputs().entrySet().stream()
                .filter(entry -> entry.getValue().contains(input))
                .map(entry -> taken(graph.getVertices().get(entry.getKey())))
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Taken taken(@Nullable GraphVertex vertex) {
        if (vertex instanceof PreprocessorVertex step) {
            return taken(step.getPreProcessor());
        }
        if (!(vertex instanceof LayerVertex layer)) {
            return null;
        }
        return layer.getPreProcessor() == null
                ? taken(layer.getLayerConf().getLayer())
                : taken(layer.getPreProcessor());
    }

    private static @Nullable Taken taken(InputPreProcessor step) {
        return step instanceof FeedForwardToCnnPreProcessor picture
                ? new Taken(
                        List.of(
                                Math.toIntExact(picture.getInputHeight()),
                                Math.toIntExact(picture.getInputWidth()),
                                Math.toIntExact(picture.getNumChannels())),
                        true,
                        true)
                : null;
    }

    private static @Nullable Taken taken(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return taken(frozen.getLayer());
        }
        if (layer instanceof BaseWrapperLayer wrapper) {
            return taken(wrapper.getUnderlying());
        }
        if (layer instanceof Bidirectional both) {
            return taken(both.getFwd());
        }
        if (layer instanceof Convolution1DLayer sequence) {
            return new Taken(List.of(0, (int) sequence.getNIn()), sequence.getRnnDataFormat() != RNNFormat.NWC, false);
        }
        if (layer instanceof BaseRecurrentLayer recurrent) {
            return new Taken(
                    List.of(0, (int) recurrent.getNIn()), recurrent.getRnnDataFormat() != RNNFormat.NWC, false);
        }
        if (layer instanceof ConvolutionLayer picture && !(layer instanceof Convolution3D)) {
            return new Taken(
                    List.of(0, 0, (int) picture.getNIn()), picture.getCnn2dDataFormat() != CNN2DFormat.NHWC, false);
        }
        if (layer instanceof EmbeddingLayer) {
            return new Taken(List.of(1), false, false);
        }
        if (layer instanceof DenseLayer dense) {
            return new Taken(List.of((int) dense.getNIn()), false, false);
        }
        return layer instanceof OutputLayer output ? new Taken(List.of((int) output.getNIn()), false, false) : null;
    }
}
