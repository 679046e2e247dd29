package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Conv1d;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.DepthwiseConv2d;
import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.SeparableConv2d;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Size2d;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions. Channels are filled up to whole blocks: oneDNN takes its reference kernel, a hundred times slower, where they are
 * not.
 */
final class Convolutions {

    /** So many channels of a first layer's input oneDNN takes as they are. */
    private static final int FEW = 3;

    private static final Size2d ONE = new Size2d(1, 1);

    private Convolutions() {}

    static void register() {
        on(Conv2d.class, (layer, node, plan) -> {
            Window window = Window.of(
                    node.inputShape(), layer.kernelSize(), layer.strides(), layer.dilationRate(), layer.padding());
            return new Convolution(window, layer.filters(), false, node, plan)
                    .add(plan.input(node), kernel(node, "kernel", plan), bias(node, plan), layer.activation());
        });
        on(Conv1d.class, (layer, node, plan) -> {
            Window window = Window.of(
                    node.inputShape(),
                    row(layer.kernelSize()),
                    row(layer.strides()),
                    row(layer.dilationRate()),
                    layer.padding());
            Strided kernel =
                    plan.weights().get(node, "kernel").permuted(2, 1, 0).withRow();
            return new Convolution(window, layer.filters(), false, node, plan)
                    .add(plan.input(node), kernel, bias(node, plan), layer.activation());
        });
        on(DepthwiseConv2d.class, (layer, node, plan) -> {
            Window window = Window.of(node.inputShape(), layer.kernelSize(), layer.strides(), ONE, layer.padding());
            return byChannel(window, layer.depthMultiplier(), node, plan)
                    .add(plan.input(node), kernelByChannel(node, "kernel", plan), bias(node, plan), layer.activation());
        });
        on(SeparableConv2d.class, (layer, node, plan) -> {
            Window window = Window.of(node.inputShape(), layer.kernelSize(), layer.strides(), ONE, layer.padding());
            Value each = byChannel(window, layer.depthMultiplier(), node, plan)
                    .add(plan.input(node), kernelByChannel(node, "depthwise_kernel", plan), null, Activation.LINEAR);
            return new Convolution(
                            Window.of(node.outputShape(), ONE, ONE, ONE, Padding.VALID),
                            layer.filters(),
                            false,
                            node,
                            plan)
                    .add(each, kernel(node, "pointwise_kernel", plan), bias(node, plan), layer.activation());
        });
    }

    /** Outputs, inputs, height, width. */
    private static Strided kernel(NetworkGraph.Node node, String name, PlanBuilder plan) {
        return plan.weights().get(node, name).permuted(3, 2, 0, 1);
    }

    /** Channels, one output and one input of each, height, width. */
    private static Strided kernelByChannel(NetworkGraph.Node node, String name, PlanBuilder plan) {
        return plan.weights().get(node, name).permuted(2, 3, 0, 1).withInput();
    }

    private static @Nullable Strided bias(NetworkGraph.Node node, PlanBuilder plan) {
        return plan.weights().getIfThere(node, "bias").orElse(null);
    }

    private static Convolution byChannel(Window window, int multiplier, NetworkGraph.Node node, PlanBuilder plan) {
        if (multiplier != 1) {
            throw new UnsupportedLayerException("several filters for each channel");
        }
        return new Convolution(window, node.inputShape().last(), true, node, plan);
    }

    /** A window over the only row of a sequence. */
    private static Size2d row(int width) {
        return new Size2d(1, width);
    }

    /**
     * One that is being added.
     *
     * @param byChannel whether each channel has a filter of its own
     */
    private record Convolution(
            Window window, int filters, boolean byChannel, NetworkGraph.Node node, PlanBuilder plan) {

        /**
         * @param kernel in oneDNN's order of dimensions
         * @param own the layer's activation
         */
        Value add(Value taken, Strided kernel, @Nullable Strided bias, Activation own) {
            Activation activation = plan.activation(node, own);
            boolean joins = Activations.canJoin(activation);
            Activation joined = joins ? activation : Activation.LINEAR;
            Value given = Shapes.pictures(taken, plan);
            boolean few = !byChannel && given.channels() <= FEW && given.dims()[1] == given.channels();
            Value in = few ? given : Shapes.blocked(given, plan);
            long[] from = in.dims();
            long[] size = window.size();
            long[] weights = byChannel
                    ? new long[] {from[1], 1, 1, size[0], size[1]}
                    : new long[] {Cpu.blocks(filters), from[1], size[0], size[1]};
            long[] result = window.result(from, weights[0]);
            memory.desc biases = bias == null ? null : Layouts.rowMajor(weights[0]);
            var forwards = forwards(from, weights, biases, result, joined);
            Value read = Shapes.as(forwards.src_desc(), in, plan);
            memory loaded = plan.weights().loaded(kernel, forwards.weights_desc());
            boolean trained = !node.frozen() || in.gradient() != null;
            Value out = plan.value(outputShape(result), filters, forwards.dst_desc(), trained);
            List<Object> arguments = new ArrayList<>(
                    List.of(DNNL_ARG_SRC, read.data(), DNNL_ARG_WEIGHTS, loaded, DNNL_ARG_DST, out.data()));
            if (bias != null && biases != null) {
                arguments.addAll(List.of(DNNL_ARG_BIAS, plan.weights().loaded(bias, biases)));
            }
            plan.forward(plan.primitive(forwards, arguments.toArray()));

            List<Runnable> back = new ArrayList<>();
            if (out.gradient() != null) {
                memory gradient = out.gradient();
                back.addAll(Activations.back(joined, out.data(), gradient, plan));
                if (!node.frozen()) {
                    back.addAll(towardsWeights(read, gradient, kernel, bias, weights, forwards));
                }
                plan.towards(read, back, target -> towardsInput(target, gradient, loaded, weights, forwards));
            }
            plan.backward(back);
            return joins ? out : Activations.apply(activation, out, plan);
        }

        private Shape outputShape(long[] result) {
            return node.outputShape().isImage()
                    ? Shape.of((int) result[2], (int) result[3], filters)
                    : Shape.of((int) result[3], filters);
        }

        private convolution_forward.primitive_desc forwards(
                long[] from, long[] weights, memory.@Nullable desc biases, long[] result, Activation joined) {
            int kind = plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference;
            // Left to choose, it takes another layout in inference than batch normalisation is fast in.
            memory.desc source =
                    Layouts.of(from[1] <= FEW && !byChannel ? memory.format_tag.nchw : Cpu.blockedPictures(), from);
            memory.desc kernel = Layouts.any(weights);
            memory.desc to = Layouts.of(Cpu.blockedPictures(), result);
            var operation = biases == null
                    ? new convolution_forward.desc(
                            kind,
                            dnnl_convolution_direct,
                            source,
                            kernel,
                            to,
                            window.strides(),
                            window.dilation(),
                            window.before(),
                            window.after())
                    : new convolution_forward.desc(
                            kind,
                            dnnl_convolution_direct,
                            source,
                            kernel,
                            biases,
                            to,
                            window.strides(),
                            window.dilation(),
                            window.before(),
                            window.after());
            return new convolution_forward.primitive_desc(operation, Activations.joining(joined, plan), Cpu.ENGINE);
        }

        private List<Runnable> towardsWeights(
                Value read,
                memory gradient,
                Strided kernel,
                @Nullable Strided bias,
                long[] weights,
                convolution_forward.primitive_desc forwards) {
            memory.desc any = Layouts.any(weights);
            memory.desc source = read.desc();
            memory.desc result = gradient.get_desc();
            memory.desc biases = Layouts.rowMajor(weights[0]);
            var operation = bias == null
                    ? new convolution_backward_weights.desc(
                            dnnl_convolution_direct,
                            source,
                            any,
                            result,
                            window.strides(),
                            window.dilation(),
                            window.before(),
                            window.after())
                    : new convolution_backward_weights.desc(
                            dnnl_convolution_direct,
                            source,
                            any,
                            biases,
                            result,
                            window.strides(),
                            window.dilation(),
                            window.before(),
                            window.after());
            var backwards =
                    new convolution_backward_weights.primitive_desc(operation, plan.attributes(), Cpu.ENGINE, forwards);
            memory towards = plan.weights().gradient(kernel, backwards.diff_weights_desc());
            List<Object> arguments = new ArrayList<>(
                    List.of(DNNL_ARG_SRC, read.data(), DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_DIFF_WEIGHTS, towards));
            memory towardsBias = bias == null ? null : plan.weights().gradient(bias, biases);
            if (towardsBias != null) {
                arguments.addAll(List.of(DNNL_ARG_DIFF_BIAS, towardsBias));
            }
            List<Runnable> steps = new ArrayList<>();
            steps.add(plan.primitive(backwards, arguments.toArray()));
            plan.weights().store(towards, kernel, steps);
            if (bias != null && towardsBias != null) {
                plan.weights().store(towardsBias, bias, steps);
            }
            return steps;
        }

        private List<Runnable> towardsInput(
                memory target,
                memory gradient,
                memory loaded,
                long[] weights,
                convolution_forward.primitive_desc forwards) {
            var backwards = new convolution_backward_data.primitive_desc(
                    new convolution_backward_data.desc(
                            dnnl_convolution_direct,
                            target.get_desc(),
                            Layouts.any(weights),
                            gradient.get_desc(),
                            window.strides(),
                            window.dilation(),
                            window.before(),
                            window.after()),
                    plan.attributes(),
                    Cpu.ENGINE,
                    forwards);
            List<Runnable> steps = new ArrayList<>();
            memory turned = plan.as(backwards.weights_desc(), loaded, steps);
            steps.add(plan.primitive(
                    backwards, DNNL_ARG_WEIGHTS, turned, DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_DIFF_SRC, target));
            return steps;
        }
    }
}
