package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.LeakyRelu;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;

/** Functions of single values. */
final class Activations {

    /** Of Keras' function of that name; its layer has another default. */
    private static final float LEAKY_SLOPE = 0.2f;

    private Activations() {}

    /**
     * A function as oneDNN knows it.
     *
     * @param fromOutput by which its derivative is computed from its output; 0 where that takes its input
     */
    private record Eltwise(int algorithm, int fromOutput, float alpha) {}

    static void register() {
        on(
                ActivationLayer.class,
                (layer, node, plan) -> apply(plan.activation(node, layer.activation()), plan.input(node), plan));
        on(
                LeakyRelu.class,
                (layer, node, plan) -> apply(leaky((float) (double) layer.negativeSlope()), plan.input(node), plan));
    }

    private static Eltwise leaky(float slope) {
        return new Eltwise(dnnl_eltwise_relu, dnnl_eltwise_relu_use_dst_for_bwd, slope);
    }

    private static @Nullable Eltwise of(Activation activation) {
        return switch (activation) {
            case LINEAR -> null;
            case RELU -> leaky(0);
            case LEAKY_RELU -> leaky(LEAKY_SLOPE);
            case ELU -> new Eltwise(dnnl_eltwise_elu, dnnl_eltwise_elu_use_dst_for_bwd, 1);
            case SIGMOID -> new Eltwise(dnnl_eltwise_logistic, dnnl_eltwise_logistic_use_dst_for_bwd, 0);
            case TANH -> new Eltwise(dnnl_eltwise_tanh, dnnl_eltwise_tanh_use_dst_for_bwd, 0);
            case GELU -> new Eltwise(dnnl_eltwise_gelu_erf, 0, 0);
            case SOFTPLUS -> new Eltwise(dnnl_eltwise_soft_relu, 0, 0);
            case SWISH -> new Eltwise(dnnl_eltwise_swish, 0, 1);
            case SELU, SOFTSIGN, SOFTMAX -> throw new UnsupportedLayerException(activation.toString());
        };
    }

    static Value apply(Activation activation, Value in, PlanBuilder plan) {
        Eltwise function = of(activation);
        return function == null ? in : apply(function, in, plan);
    }

    private static Value apply(Eltwise function, Value in, PlanBuilder plan) {
        memory.desc layout = in.desc();
        Value out = plan.value(in.shape(), in.channels(), layout, in.gradient() != null);
        var forwards = forwards(function.algorithm, function.alpha, layout, plan);
        plan.forward(plan.primitive(forwards, DNNL_ARG_SRC, in.data(), DNNL_ARG_DST, out.data()));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            plan.towards(
                    in,
                    back,
                    target -> List.of(plan.primitive(
                            new eltwise_backward.primitive_desc(
                                    new eltwise_backward.desc(function.algorithm, layout, layout, function.alpha, 0),
                                    plan.attributes(),
                                    Cpu.ENGINE,
                                    forwards),
                            DNNL_ARG_SRC,
                            in.data(),
                            DNNL_ARG_DIFF_DST,
                            gradient,
                            DNNL_ARG_DIFF_SRC,
                            target)));
        }
        plan.backward(back);
        return out;
    }

    private static eltwise_forward.primitive_desc forwards(
            int algorithm, float alpha, memory.desc layout, PlanBuilder plan) {
        return new eltwise_forward.primitive_desc(
                new eltwise_forward.desc(dnnl_forward_training, algorithm, layout, alpha, 0),
                plan.attributes(),
                Cpu.ENGINE);
    }

    /** Whether a primitive can compute the function on the way, and its derivative be told from the output. */
    static boolean canJoin(Activation activation) {
        Eltwise function = of(activation);
        return function == null || function.fromOutput != 0;
    }

    /** Attributes of a primitive that applies such a function to what it computes. */
    static primitive_attr joining(Activation activation, PlanBuilder plan) {
        primitive_attr attributes = plan.attributes();
        Eltwise function = of(activation);
        if (function != null) {
            post_ops after = plan.own(new post_ops());
            after.append_eltwise(1, function.algorithm, function.alpha, 0);
            attributes.set_post_ops(after);
        }
        return attributes;
    }

    /** Turns the gradient towards a function's output, in place, into that towards its input. */
    static List<Runnable> back(Activation activation, memory output, memory gradient, PlanBuilder plan) {
        Eltwise function = of(activation);
        if (function == null) {
            return List.of();
        }
        memory.desc layout = output.get_desc();
        var forwards = forwards(function.fromOutput, function.alpha, layout, plan);
        return List.of(plan.primitive(
                new eltwise_backward.primitive_desc(
                        new eltwise_backward.desc(function.fromOutput, layout, layout, function.alpha, 0),
                        plan.attributes(),
                        Cpu.ENGINE,
                        forwards),
                DNNL_ARG_DST,
                output,
                DNNL_ARG_DIFF_DST,
                gradient,
                DNNL_ARG_DIFF_SRC,
                gradient));
    }
}
