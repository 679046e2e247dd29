package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.AveragePooling1d;
import io.trainyard.network.layer.AveragePooling2d;
import io.trainyard.network.layer.GlobalAveragePooling1d;
import io.trainyard.network.layer.GlobalAveragePooling2d;
import io.trainyard.network.layer.GlobalMaxPooling1d;
import io.trainyard.network.layer.GlobalMaxPooling2d;
import io.trainyard.network.layer.MaxPooling1d;
import io.trainyard.network.layer.MaxPooling2d;
import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Size2d;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** The largest value or the mean of each window. */
final class Poolings {

    private static final int MAX = dnnl_pooling_max;
    /** Positions in the padding do not count. */
    private static final int AVERAGE = dnnl_pooling_avg_exclude_padding;

    private Poolings() {}

    static void register() {
        on(
                MaxPooling2d.class,
                (layer, node, plan) -> pool(MAX, layer.poolSize(), layer.strides(), layer.padding(), node, plan));
        on(
                AveragePooling2d.class,
                (layer, node, plan) -> pool(AVERAGE, layer.poolSize(), layer.strides(), layer.padding(), node, plan));
        on(
                MaxPooling1d.class,
                (layer, node, plan) ->
                        pool(MAX, row(layer.poolSize()), row(layer.strides()), layer.padding(), node, plan));
        on(
                AveragePooling1d.class,
                (layer, node, plan) ->
                        pool(AVERAGE, row(layer.poolSize()), row(layer.strides()), layer.padding(), node, plan));
        on(GlobalMaxPooling1d.class, (layer, node, plan) -> global(MAX, node, plan));
        on(GlobalAveragePooling1d.class, (layer, node, plan) -> global(AVERAGE, node, plan));
        on(GlobalMaxPooling2d.class, (layer, node, plan) -> global(MAX, node, plan));
        on(GlobalAveragePooling2d.class, (layer, node, plan) -> global(AVERAGE, node, plan));
    }

    /** The result holds pictures of one pixel. */
    private static Value global(int algorithm, NetworkGraph.Node node, PlanBuilder plan) {
        Shape input = node.inputShape();
        Size2d whole = input.isImage() ? new Size2d(input.dimension(0), input.dimension(1)) : row(input.dimension(0));
        return pool(algorithm, whole, whole, Padding.VALID, node, plan);
    }

    private static Size2d row(int width) {
        return new Size2d(1, width);
    }

    private static Value pool(
            int algorithm, Size2d size, Size2d strides, Padding padding, NetworkGraph.Node node, PlanBuilder plan) {
        Value in = Shapes.blocked(plan.input(node), plan);
        long[] from = in.dims();
        Window window = Window.of(node.inputShape(), size, strides, new Size2d(1, 1), padding);
        memory.desc result = Layouts.of(Cpu.blockedPictures(), window.result(from, from[1]));
        int kind = plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference;
        var forwards = new pooling_forward.primitive_desc(
                new pooling_forward.desc(
                        kind,
                        algorithm,
                        in.desc(),
                        result,
                        window.strides(),
                        window.size(),
                        window.before(),
                        window.after()),
                plan.attributes(),
                Cpu.ENGINE);
        Value out = plan.value(node.outputShape(), in.channels(), result, in.gradient() != null);
        List<Object> workspace = plan.isTraining() && algorithm == MAX
                ? List.of(DNNL_ARG_WORKSPACE, plan.allocate(forwards.workspace_desc()))
                : List.of();
        List<Object> arguments = new ArrayList<>(List.of(DNNL_ARG_SRC, in.data(), DNNL_ARG_DST, out.data()));
        arguments.addAll(workspace);
        plan.forward(plan.primitive(forwards, arguments.toArray()));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            plan.towards(in, back, target -> {
                var backwards = new pooling_backward.primitive_desc(
                        new pooling_backward.desc(
                                algorithm,
                                target.get_desc(),
                                gradient.get_desc(),
                                window.strides(),
                                window.size(),
                                window.before(),
                                window.after()),
                        plan.attributes(),
                        Cpu.ENGINE,
                        forwards);
                List<Object> towards = new ArrayList<>(List.of(DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_DIFF_SRC, target));
                towards.addAll(workspace);
                return List.of(plan.primitive(backwards, towards.toArray()));
            });
        }
        plan.backward(back);
        return out;
    }
}
