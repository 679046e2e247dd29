package io.trainyard.engine.graph;

import static io.trainyard.engine.graph.Translations.on;

import io.trainyard.engine.vertex.EmbeddingVertex;
import io.trainyard.engine.vertex.GruVertex;
import io.trainyard.engine.vertex.ReverseVertex;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Bidirectional;
import io.trainyard.network.layer.Embedding;
import io.trainyard.network.layer.Gru;
import io.trainyard.network.layer.Lstm;
import io.trainyard.network.layer.RecurrentLayer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Sequences: embeddings and recurrent layers, over {@code [rows, steps, features]}. */
final class RecurrentTranslations {

    private RecurrentTranslations() {}

    static void register() {
        on(Embedding.class, RecurrentTranslations::embedding);
        on(Lstm.class, (layer, node, graph) -> recurrent(layer, node, graph, "", layer.goBackwards()));
        on(Gru.class, (layer, node, graph) -> recurrent(layer, node, graph, "", layer.goBackwards()));
        on(Bidirectional.class, RecurrentTranslations::bidirectional);
    }

    private static String embedding(Embedding embedding, NetworkGraph.Node node, GraphBuilder graph) {
        String made =
                graph.add(node, new EmbeddingVertex(embedding.inputDim(), embedding.outputDim()), graph.input(node));
        graph.place(node, "embeddings", new Block(made, "embeddings", array -> array));
        return made;
    }

    private static String bidirectional(Bidirectional layer, NetworkGraph.Node node, GraphBuilder graph) {
        String forward = recurrent(layer.layer(), node, graph, "forward_", false);
        String backward = recurrent(layer.layer(), node, graph, "backward_", true);
        if (layer.layer().returnSequences()) {
            // Each step of the one beside the same step of the other.
            backward = graph.addPart(node, "backward_order", new ReverseVertex(), backward);
        }
        return switch (layer.mergeMode()) {
            case CONCAT ->
                graph.add(node, CoreTranslations.merge(node.outputShape().rank()), forward, backward);
            case SUM -> graph.add(node, new ElementWiseVertex(ElementWiseVertex.Op.Add), forward, backward);
            case MUL -> graph.add(node, new ElementWiseVertex(ElementWiseVertex.Op.Product), forward, backward);
            case AVE -> graph.add(node, new ElementWiseVertex(ElementWiseVertex.Op.Average), forward, backward);
        };
    }

    /** Adds one direction; the weights' names begin with {@code prefix}. */
    private static String recurrent(
            RecurrentLayer layer, NetworkGraph.Node node, GraphBuilder graph, String prefix, boolean backwards) {
        String input = graph.input(node);
        if (backwards) {
            input = graph.addPart(node, prefix + "reversed", new ReverseVertex(), input);
        }
        return layer instanceof Lstm lstm
                ? lstm(lstm, node, graph, prefix, input)
                : gru((Gru) layer, node, graph, prefix, input);
    }

    private static String lstm(Lstm lstm, NetworkGraph.Node node, GraphBuilder graph, String prefix, String input) {
        int features = node.inputShape().last();
        int units = lstm.units();
        LSTM made = new LSTM.Builder()
                .nIn(features)
                .nOut(units)
                .dataFormat(RNNFormat.NWC)
                .forgetGateBiasInit(0)
                .activation(Activations.of(lstm.activation()))
                .gateActivationFunction(Activations.of(lstm.recurrentActivation()))
                .build();
        var layer = lstm.returnSequences() ? made : new LastTimeStep(made);
        String vertex =
                prefix.isEmpty() ? graph.add(node, layer, input) : graph.addPart(node, prefix + "lstm", layer, input);
        graph.place(node, prefix + "kernel", gates(vertex, "W", units));
        graph.place(node, prefix + "recurrent_kernel", gates(vertex, "RW", units));
        graph.placeIfThere(node, prefix + "bias", gates(vertex, "b", units));
        return vertex;
    }

    /** DL4J keeps the gates in the order cell, forget, output, input, Keras input, forget, cell, output. */
    private static Block[] gates(String vertex, String parameter, int units) {
        return new Block[] {
            gate(vertex, parameter, 3, units),
            gate(vertex, parameter, 1, units),
            gate(vertex, parameter, 0, units),
            gate(vertex, parameter, 2, units)
        };
    }

    private static Block gate(String vertex, String parameter, int position, int units) {
        return new Block(vertex, parameter, array -> {
            INDArray columns = array.get(
                    NDArrayIndex.all(), NDArrayIndex.interval((long) position * units, (position + 1L) * units));
            return parameter.equals("b") ? columns.reshape(units) : columns;
        });
    }

    private static String gru(Gru gru, NetworkGraph.Node node, GraphBuilder graph, String prefix, String input) {
        int features = node.inputShape().last();
        int units = gru.units();
        GruVertex made = new GruVertex(
                features,
                units,
                Activations.of(gru.activation()),
                Activations.of(gru.recurrentActivation()),
                gru.useBias(),
                gru.resetAfter(),
                gru.returnSequences());
        String vertex =
                prefix.isEmpty() ? graph.add(node, made, input) : graph.addPart(node, prefix + "gru", made, input);
        graph.place(node, prefix + "kernel", new Block(vertex, "kernel", array -> array));
        graph.place(node, prefix + "recurrent_kernel", new Block(vertex, "recurrent", array -> array));
        graph.placeIfThere(node, prefix + "bias", new Block(vertex, "bias", array -> array));
        return vertex;
    }
}
