package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.BatchNormalization;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** Batch normalisation, with a relu after it in the same pass. */
final class Normalizations {

    private Normalizations() {}

    static void register() {
        on(BatchNormalization.class, Normalizations::batchNormalization);
    }

    private static Value batchNormalization(BatchNormalization layer, NetworkGraph.Node node, PlanBuilder plan) {
        Value in = source(plan.input(node), plan);
        boolean relu = plan.activation(node, Activation.LINEAR) == Activation.RELU;
        boolean batch = plan.isTraining() && !node.frozen();
        Strided gamma = plan.weights().getIfThere(node, "gamma").orElse(null);
        Strided beta = plan.weights().getIfThere(node, "beta").orElse(null);
        Strided movingMean = plan.weights().get(node, "moving_mean");
        Strided movingVariance = plan.weights().get(node, "moving_variance");
        int flags = (gamma == null ? 0 : dnnl_use_scale)
                | (beta == null ? 0 : dnnl_use_shift)
                | (relu ? dnnl_fuse_norm_relu : 0)
                | (batch ? 0 : dnnl_use_global_stats);
        // What fills up has no variance: without any epsilon it would not be a number.
        float epsilon = Math.max(layer.epsilon().floatValue(), Float.MIN_NORMAL);

        memory.desc layout = fourDimensional(in);
        int kind = plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference;
        var forwards = new batch_normalization_forward.primitive_desc(
                new batch_normalization_forward.desc(kind, layout, epsilon, flags), plan.attributes(), Cpu.ENGINE);
        memory.desc channels = Layouts.rowMajor(Layouts.dims(layout)[1]);
        boolean trained = !node.frozen() && (gamma != null || beta != null);
        Value out = plan.value(in.shape(), in.channels(), in.desc(), trained || in.gradient() != null);
        memory mean = batch ? plan.allocate(channels) : plan.weights().loaded(movingMean, channels);
        memory variance = batch ? plan.allocate(channels) : plan.weights().loaded(movingVariance, channels);
        List<Object> arguments = new ArrayList<>(
                List.of(DNNL_ARG_SRC, plan.view(layout, in.data()), DNNL_ARG_MEAN, mean, DNNL_ARG_VARIANCE, variance));
        if (gamma != null) {
            arguments.addAll(List.of(DNNL_ARG_SCALE, plan.weights().loaded(gamma, channels)));
        }
        if (plan.isTraining() && relu) {
            arguments.addAll(List.of(DNNL_ARG_WORKSPACE, plan.allocate(forwards.workspace_desc())));
        }
        if (beta != null) {
            arguments.addAll(List.of(DNNL_ARG_SHIFT, plan.weights().loaded(beta, channels)));
        }
        List<Object> given = new ArrayList<>(arguments);
        given.addAll(List.of(DNNL_ARG_DST, plan.view(layout, out.data())));
        plan.forward(plan.primitive(forwards, given.toArray()));

        List<Runnable> back = new ArrayList<>();
        if (batch) {
            float step = (float) (1 - layer.momentum());
            back.add(moving(movingMean, mean, step, plan));
            back.add(moving(movingVariance, variance, step, plan));
        }
        if (out.gradient() != null) {
            var backwards = new batch_normalization_backward.primitive_desc(
                    new batch_normalization_backward.desc(dnnl_backward, layout, layout, epsilon, flags),
                    plan.attributes(),
                    Cpu.ENGINE,
                    forwards);
            arguments.addAll(List.of(DNNL_ARG_DIFF_DST, plan.view(layout, out.gradient())));
            List<Runnable> stores = new ArrayList<>();
            plan.weights().addGradient(DNNL_ARG_DIFF_SCALE, gamma, channels, arguments, stores);
            plan.weights().addGradient(DNNL_ARG_DIFF_SHIFT, beta, channels, arguments, stores);
            plan.towardsOrNowhere(in, back, target -> {
                List<Object> all = new ArrayList<>(arguments);
                all.addAll(List.of(DNNL_ARG_DIFF_SRC, plan.view(layout, target)));
                return List.of(plan.primitive(backwards, all.toArray()));
            });
            back.addAll(stores);
        }
        plan.backward(back);
        return out;
    }

    /** What is to be taken off a moving average: {@code average − (average · momentum + batch · (1 − momentum))}. */
    private static Runnable moving(Strided average, memory batch, float step, PlanBuilder plan) {
        FloatPointer parameters = plan.weights().parameters();
        FloatPointer gradients = plan.weights().gradients();
        FloatPointer values = Plan.floats(batch);
        return () -> {
            for (int i = 0; i < average.dims()[0]; i++) {
                long at = average.offset() + i * average.strides()[0];
                gradients.put(at, (parameters.get(at) - values.get(i)) * step);
            }
        };
    }

    /** Pictures in blocks, unless they are only flattened; vectors and steps of sequences as they are. */
    private static Value source(Value in, PlanBuilder plan) {
        if (in.holdsPictures()) {
            return in.shape().rank() == 1 ? Shapes.rowMajor(in, plan) : Shapes.blocked(in, plan);
        }
        return in.shape().isSequence() ? Shapes.steps(in, plan) : in;
    }

    private static memory.desc fourDimensional(Value in) {
        long[] dims = in.dims();
        return switch (dims.length) {
            case 2 -> Layouts.channelsLast(dims[0], dims[1], 1, 1);
            case 3 -> Layouts.channelsLast(dims[0] * dims[1], dims[2], 1, 1);
            default -> in.desc();
        };
    }
}
