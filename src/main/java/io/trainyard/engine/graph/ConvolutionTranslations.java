package io.trainyard.engine.graph;

import static io.trainyard.engine.graph.CoreTranslations.activationLayer;
import static io.trainyard.engine.graph.GraphBuilder.same;
import static io.trainyard.engine.graph.Translations.on;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.AveragePooling1d;
import io.trainyard.network.layer.AveragePooling2d;
import io.trainyard.network.layer.Conv1d;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.DepthwiseConv2d;
import io.trainyard.network.layer.GlobalAveragePooling1d;
import io.trainyard.network.layer.GlobalAveragePooling2d;
import io.trainyard.network.layer.GlobalMaxPooling1d;
import io.trainyard.network.layer.GlobalMaxPooling2d;
import io.trainyard.network.layer.MaxPooling1d;
import io.trainyard.network.layer.MaxPooling2d;
import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.SeparableConv2d;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Size2d;
import io.trainyard.network.layer.UpSampling2d;
import io.trainyard.network.layer.ZeroPadding2d;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** What slides a window over pictures and sequences; a sequence is a picture of one row. */
final class ConvolutionTranslations {

    private static final CNN2DFormat FORMAT = CNN2DFormat.NHWC;

    private ConvolutionTranslations() {}

    static void register() {
        on(Conv2d.class, (conv, node, graph) -> {
            String made = graph.add(
                    node,
                    convolution(
                            node.inputShape(),
                            node.inputShape().last(),
                            conv.filters(),
                            conv.kernelSize(),
                            conv.strides(),
                            conv.dilationRate(),
                            conv.padding(),
                            conv.useBias()),
                    graph.input(node));
            placeKernel(node, graph, "kernel", made);
            graph.placeIfThere(node, "bias", same(made, "b", conv.filters()));
            return activated(node, graph, conv.activation(), made);
        });
        on(Conv1d.class, ConvolutionTranslations::conv1d);
        on(DepthwiseConv2d.class, ConvolutionTranslations::depthwise);
        on(SeparableConv2d.class, ConvolutionTranslations::separable);
        on(
                MaxPooling2d.class,
                (pool, node, graph) -> graph.add(
                        node,
                        pooling(
                                SubsamplingLayer.PoolingType.MAX,
                                node.inputShape(),
                                pool.poolSize(),
                                pool.strides(),
                                pool.padding()),
                        graph.input(node)));
        on(
                AveragePooling2d.class,
                (pool, node, graph) -> graph.add(
                        node,
                        pooling(
                                SubsamplingLayer.PoolingType.AVG,
                                node.inputShape(),
                                pool.poolSize(),
                                pool.strides(),
                                pool.padding()),
                        graph.input(node)));
        on(
                MaxPooling1d.class,
                (pool, node, graph) -> pooling1d(
                        SubsamplingLayer.PoolingType.MAX,
                        pool.poolSize(),
                        pool.strides(),
                        pool.padding(),
                        node,
                        graph));
        on(
                AveragePooling1d.class,
                (pool, node, graph) -> pooling1d(
                        SubsamplingLayer.PoolingType.AVG,
                        pool.poolSize(),
                        pool.strides(),
                        pool.padding(),
                        node,
                        graph));
        on(GlobalMaxPooling2d.class, (pool, node, graph) -> global(PoolingType.MAX, node, graph, graph.input(node)));
        on(
                GlobalAveragePooling2d.class,
                (pool, node, graph) -> global(PoolingType.AVG, node, graph, graph.input(node)));
        on(GlobalMaxPooling1d.class, (pool, node, graph) -> global(PoolingType.MAX, node, graph, oneRow(node, graph)));
        on(
                GlobalAveragePooling1d.class,
                (pool, node, graph) -> global(PoolingType.AVG, node, graph, oneRow(node, graph)));
        on(
                ZeroPadding2d.class,
                (layer, node, graph) -> graph.add(
                        node,
                        new ZeroPaddingLayer.Builder(
                                        layer.padding().top(),
                                        layer.padding().bottom(),
                                        layer.padding().left(),
                                        layer.padding().right())
                                .dataFormat(FORMAT)
                                .build(),
                        graph.input(node)));
        on(
                UpSampling2d.class,
                (layer, node, graph) -> graph.add(
                        node,
                        new Upsampling2D.Builder()
                                .size(ints(layer.size()))
                                .dataFormat(FORMAT)
                                .build(),
                        graph.input(node)));
    }

    private static ConvolutionLayer convolution(
            Shape input,
            int in,
            int out,
            Size2d kernel,
            Size2d strides,
            Size2d dilation,
            Padding padding,
            boolean bias) {
        ConvolutionLayer.Builder builder = new ConvolutionLayer.Builder(ints(kernel));
        builder.stride(ints(strides))
                .dilation(ints(dilation))
                .convolutionMode(mode(padding, input, kernel, strides, dilation))
                .nIn(in)
                .nOut(out)
                .hasBias(bias)
                .activation(new ActivationIdentity())
                .dataFormat(FORMAT);
        return dilation.height() > 1 || dilation.width() > 1 ? new DilatedConvolution(builder) : builder.build();
    }

    /** DL4J keeps [out, in, height, width], Keras [height, width, in, out]. */
    private static void placeKernel(NetworkGraph.Node node, GraphBuilder graph, String weight, String vertex) {
        graph.place(node, weight, new Block(vertex, "W", kernel -> kernel.permute(2, 3, 1, 0)));
    }

    /** Apart, since with cached pre-activations DL4J's convolution has a wrong gradient of its own relu. */
    private static String activated(NetworkGraph.Node node, GraphBuilder graph, Activation activation, String made) {
        Activation own = graph.ownActivation(node, activation);
        return own == Activation.LINEAR
                ? made
                : graph.addPart(node, "activation", activationLayer(Activations.of(own)), made);
    }

    private static String conv1d(Conv1d conv, NetworkGraph.Node node, GraphBuilder graph) {
        String made = graph.add(
                node,
                convolution(
                        node.inputShape(),
                        node.inputShape().last(),
                        conv.filters(),
                        new Size2d(1, conv.kernelSize()),
                        new Size2d(1, conv.strides()),
                        new Size2d(1, conv.dilationRate()),
                        conv.padding(),
                        conv.useBias()),
                oneRow(node, graph));
        graph.place(node, "kernel", new Block(made, "W", kernel -> kernel.reshape(
                        kernel.ordering(), kernel.size(0), kernel.size(1), kernel.size(3))
                .permute(2, 1, 0)));
        graph.placeIfThere(node, "bias", same(made, "b", conv.filters()));
        String activated = activated(node, graph, conv.activation(), made);
        return graph.reshape(node, "steps", activated, CoreTranslations.ints(node.outputShape()));
    }

    private static String depthwise(DepthwiseConv2d conv, NetworkGraph.Node node, GraphBuilder graph) {
        String made = graph.add(
                node,
                depthwise(
                        node.inputShape(),
                        conv.depthMultiplier(),
                        conv.kernelSize(),
                        conv.strides(),
                        conv.padding(),
                        conv.useBias()),
                graph.input(node));
        graph.place(node, "kernel", new Block(made, "W", kernel -> kernel));
        graph.placeIfThere(node, "bias", same(made, "b", node.outputShape().last()));
        return activated(node, graph, conv.activation(), made);
    }

    private static DepthwiseConvolution2D depthwise(
            Shape input, int multiplier, Size2d kernel, Size2d strides, Padding padding, boolean bias) {
        int in = input.last();
        return new DepthwiseConvolution2D.Builder()
                .depthMultiplier(multiplier)
                .kernelSize(ints(kernel))
                .stride(ints(strides))
                .convolutionMode(mode(padding, input, kernel, strides, new Size2d(1, 1)))
                .nIn(in)
                .nOut(in * multiplier)
                .hasBias(bias)
                .activation(new ActivationIdentity())
                .dataFormat(FORMAT)
                .build();
    }

    private static String separable(SeparableConv2d conv, NetworkGraph.Node node, GraphBuilder graph) {
        int in = node.inputShape().last();
        String depthwise = graph.addPart(
                node,
                "depthwise",
                depthwise(
                        node.inputShape(),
                        conv.depthMultiplier(),
                        conv.kernelSize(),
                        conv.strides(),
                        conv.padding(),
                        false),
                graph.input(node));
        String made = graph.add(
                node,
                convolution(
                        node.outputShape(),
                        in * conv.depthMultiplier(),
                        conv.filters(),
                        new Size2d(1, 1),
                        new Size2d(1, 1),
                        new Size2d(1, 1),
                        Padding.VALID,
                        conv.useBias()),
                depthwise);
        graph.place(node, "depthwise_kernel", new Block(depthwise, "W", kernel -> kernel));
        placeKernel(node, graph, "pointwise_kernel", made);
        graph.placeIfThere(node, "bias", same(made, "b", conv.filters()));
        return activated(node, graph, conv.activation(), made);
    }

    private static SubsamplingLayer pooling(
            SubsamplingLayer.PoolingType type, Shape input, Size2d window, Size2d strides, Padding padding) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(ints(window))
                .stride(ints(strides))
                .convolutionMode(mode(padding, input, window, strides, new Size2d(1, 1)))
                .dataFormat(FORMAT)
                .build();
    }

    private static String pooling1d(
            SubsamplingLayer.PoolingType type,
            int window,
            int stride,
            Padding padding,
            NetworkGraph.Node node,
            GraphBuilder graph) {
        String pooled = graph.add(
                node,
                pooling(type, node.inputShape(), new Size2d(1, window), new Size2d(1, stride), padding),
                oneRow(node, graph));
        return graph.reshape(node, "steps", pooled, CoreTranslations.ints(node.outputShape()));
    }

    private static String global(PoolingType type, NetworkGraph.Node node, GraphBuilder graph, String input) {
        return graph.add(
                node,
                new GlobalPoolingLayer.Builder(type).poolingDimensions(1, 2).build(),
                input);
    }

    /** {@code [steps, features]} as the picture {@code [1, steps, features]}. */
    private static String oneRow(NetworkGraph.Node node, GraphBuilder graph) {
        Shape input = node.inputShape();
        return graph.reshape(node, "row", graph.input(node), 1, input.dimension(0), input.last());
    }

    private static int[] ints(Size2d size) {
        return new int[] {size.height(), size.width()};
    }

    /** DL4J refuses padding where strides above the window leave no room for any; Keras then adds none. */
    private static ConvolutionMode mode(Padding padding, Shape input, Size2d window, Size2d strides, Size2d dilation) {
        int height = input.isImage() ? input.dimension(0) : 1;
        int width = input.isImage() ? input.dimension(1) : input.dimension(0);
        boolean any = Padding.zeros(height, (window.height() - 1) * dilation.height() + 1, strides.height()) > 0
                || Padding.zeros(width, (window.width() - 1) * dilation.width() + 1, strides.width()) > 0;
        return padding == Padding.SAME && any ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }
}
