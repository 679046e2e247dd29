package io.trainyard.engine.graph;

import static io.trainyard.engine.graph.GraphBuilder.same;
import static io.trainyard.engine.graph.Translations.on;

import io.trainyard.engine.vertex.FrozenBatchNormalizationVertex;
import io.trainyard.engine.vertex.LayerNormalizationVertex;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.Add;
import io.trainyard.network.layer.BatchNormalization;
import io.trainyard.network.layer.Concatenate;
import io.trainyard.network.layer.Dense;
import io.trainyard.network.layer.Dropout;
import io.trainyard.network.layer.Flatten;
import io.trainyard.network.layer.GaussianNoise;
import io.trainyard.network.layer.LayerNormalization;
import io.trainyard.network.layer.LeakyRelu;
import io.trainyard.network.layer.Multiply;
import io.trainyard.network.layer.Reshape;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.SpatialDropout1d;
import io.trainyard.network.layer.SpatialDropout2d;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/** Dense layers, shapes, noise, normalisation, activations and what joins branches. */
final class CoreTranslations {

    private CoreTranslations() {}

    static void register() {
        on(Dense.class, CoreTranslations::dense);
        on(Flatten.class, (layer, node, graph) -> reshaped(node, graph));
        on(Reshape.class, (layer, node, graph) -> reshaped(node, graph));
        on(ActivationLayer.class, CoreTranslations::activation);
        on(
                LeakyRelu.class,
                (layer, node, graph) -> graph.add(
                        node, activationLayer(new ActivationLReLU(layer.negativeSlope())), graph.input(node)));
        // DL4J takes the probability to keep a value.
        on(
                Dropout.class,
                (layer, node, graph) -> noise(
                        layer.rate() > 0,
                        new org.deeplearning4j.nn.conf.dropout.Dropout(1 - layer.rate()),
                        node,
                        graph));
        on(
                SpatialDropout1d.class,
                (layer, node, graph) -> noise(layer.rate() > 0, new ChannelDropout(1 - layer.rate()), node, graph));
        on(
                SpatialDropout2d.class,
                (layer, node, graph) -> noise(layer.rate() > 0, new ChannelDropout(1 - layer.rate()), node, graph));
        on(
                GaussianNoise.class,
                (layer, node, graph) -> noise(
                        layer.stddev() > 0,
                        new org.deeplearning4j.nn.conf.dropout.GaussianNoise(layer.stddev()),
                        node,
                        graph));
        on(BatchNormalization.class, CoreTranslations::batchNormalization);
        on(LayerNormalization.class, CoreTranslations::layerNormalization);
        on(
                Add.class,
                (layer, node, graph) ->
                        graph.add(node, new ElementWiseVertex(ElementWiseVertex.Op.Add), graph.inputs(node)));
        on(
                Multiply.class,
                (layer, node, graph) ->
                        graph.add(node, new ElementWiseVertex(ElementWiseVertex.Op.Product), graph.inputs(node)));
        on(
                Concatenate.class,
                (layer, node, graph) ->
                        graph.add(node, merge(layer.axis(node.outputShape().rank() + 1)), graph.inputs(node)));
    }

    private static String dense(Dense dense, NetworkGraph.Node node, GraphBuilder graph) {
        Shape input = node.inputShape();
        boolean vector = input.rank() == 1;
        String from = vector ? graph.input(node) : graph.toRows(node, graph.input(node), input);
        String made = graph.add(
                node,
                new DenseLayer.Builder()
                        .nIn(input.last())
                        .nOut(dense.units())
                        .hasBias(dense.useBias())
                        .activation(Activations.of(graph.ownActivation(node, dense.activation())))
                        .build(),
                from);
        graph.place(node, "kernel", same(made, "W", input.last(), dense.units()));
        graph.placeIfThere(node, "bias", same(made, "b", dense.units()));
        return vector ? made : graph.reshape(node, "back", made, ints(node.outputShape()));
    }

    private static String reshaped(NetworkGraph.Node node, GraphBuilder graph) {
        return node.inputShape().equals(node.outputShape())
                ? graph.input(node)
                : graph.reshape(node, "shape", graph.input(node), ints(node.outputShape()));
    }

    private static String activation(ActivationLayer layer, NetworkGraph.Node node, GraphBuilder graph) {
        Activation own = graph.ownActivation(node, layer.activation());
        return own == Activation.LINEAR
                ? graph.input(node)
                : graph.add(node, activationLayer(Activations.of(own)), graph.input(node));
    }

    static org.deeplearning4j.nn.conf.layers.ActivationLayer activationLayer(IActivation activation) {
        return new org.deeplearning4j.nn.conf.layers.ActivationLayer(activation);
    }

    /** What acts in training only is no part of what is published. */
    private static String noise(boolean any, IDropout noise, NetworkGraph.Node node, GraphBuilder graph) {
        return any && graph.isForTraining()
                ? graph.add(node, new DropoutLayer(noise), graph.input(node))
                : graph.input(node);
    }

    private static String batchNormalization(BatchNormalization norm, NetworkGraph.Node node, GraphBuilder graph) {
        Shape input = node.inputShape();
        int channels = input.last();
        boolean direct = input.rank() == 1 || input.isImage();
        String from = direct ? graph.input(node) : graph.toRows(node, graph.input(node), input);
        String made;
        if (node.frozen() && graph.isForTraining()) {
            made = graph.add(node, new FrozenBatchNormalizationVertex(channels, norm.epsilon()), from);
        } else {
            var builder = new org.deeplearning4j.nn.conf.layers.BatchNormalization.Builder()
                    .nIn(channels)
                    .nOut(channels)
                    .decay(norm.momentum())
                    .eps(norm.epsilon())
                    .useLogStd(false);
            if (input.isImage()) {
                builder.dataFormat(CNN2DFormat.NHWC);
            }
            made = graph.add(node, builder.build(), from);
        }
        graph.placeIfThere(node, "gamma", same(made, "gamma", channels));
        graph.placeIfThere(node, "beta", same(made, "beta", channels));
        graph.place(node, "moving_mean", same(made, "mean", channels));
        graph.place(node, "moving_variance", same(made, "var", channels));
        return direct ? made : graph.reshape(node, "back", made, ints(node.outputShape()));
    }

    private static String layerNormalization(LayerNormalization norm, NetworkGraph.Node node, GraphBuilder graph) {
        int size = node.inputShape().last();
        String made = graph.add(
                node,
                new LayerNormalizationVertex(size, norm.epsilon(), norm.scale(), norm.center()),
                graph.input(node));
        graph.placeIfThere(node, "gamma", same(made, "gamma", size));
        graph.placeIfThere(node, "beta", same(made, "beta", size));
        return made;
    }

    /** Joins arrays along an axis, the batch being axis 0. */
    static MergeVertex merge(int axis) {
        MergeVertex vertex = new MergeVertex();
        vertex.setMergeAxis(axis);
        return vertex;
    }

    static int[] ints(Shape shape) {
        return shape.dimensions().stream().mapToInt(Integer::intValue).toArray();
    }
}
