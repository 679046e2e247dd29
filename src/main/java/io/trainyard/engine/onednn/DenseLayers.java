package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Dense;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/** Fully connected layers, over vectors, flattened pictures and each step of a sequence. */
final class DenseLayers {

    /** Larger kernels are taken as they lie: to bring them into oneDNN's layout and back costs more than that gains. */
    private static final long LARGE = 1 << 16;

    private DenseLayers() {}

    static void register() {
        on(Dense.class, DenseLayers::dense);
    }

    private static Value dense(Dense layer, NetworkGraph.Node node, PlanBuilder plan) {
        Value in = source(plan.input(node), plan);
        Strided kernel = plan.weights().get(node, "kernel").permuted(1, 0);
        Strided bias = plan.weights().getIfThere(node, "bias").orElse(null);
        Activation activation = plan.activation(node, layer.activation());
        boolean joins = Activations.canJoin(activation);
        Activation joined = joins ? activation : Activation.LINEAR;
        boolean trained = !node.frozen() || in.gradient() != null;

        memory.desc source = in.desc();
        memory.desc weights = kernel.size() > LARGE ? kernel.desc() : Layouts.any(kernel.dims());
        memory.desc biases = bias == null ? null : bias.desc();
        memory.desc result = Layouts.rowMajor(Layouts.dims(source)[0], layer.units());
        int kind = plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference;
        var forwards = new inner_product_forward.primitive_desc(
                biases == null
                        ? new inner_product_forward.desc(kind, source, weights, result)
                        : new inner_product_forward.desc(kind, source, weights, biases, result),
                Activations.joining(joined, plan),
                Cpu.ENGINE);
        memory loaded = plan.weights().loaded(kernel, forwards.weights_desc());
        Value out = plan.value(node.outputShape(), layer.units(), result, trained);
        List<Object> arguments =
                new ArrayList<>(List.of(DNNL_ARG_SRC, in.data(), DNNL_ARG_WEIGHTS, loaded, DNNL_ARG_DST, out.data()));
        if (bias != null && biases != null) {
            arguments.addAll(List.of(DNNL_ARG_BIAS, plan.weights().loaded(bias, biases)));
        }
        plan.forward(plan.primitive(forwards, arguments.toArray()));

        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            back.addAll(Activations.back(joined, out.data(), gradient, plan));
            if (!node.frozen()) {
                back.addAll(towardsWeights(in, gradient, kernel, bias, weights, forwards, plan));
            }
            plan.towards(in, back, target -> towardsInput(target, gradient, loaded, weights, forwards, plan));
        }
        plan.backward(back);
        Value shaped = sequence(out, node, plan);
        return joins ? shaped : Activations.apply(activation, shaped, plan);
    }

    /** What an inner product reads: rows of vectors; steps are rows. */
    private static Value source(Value in, PlanBuilder plan) {
        if (in.shape().rank() == 1) {
            return Shapes.rowMajor(in, plan);
        }
        if (!in.shape().isSequence()) {
            throw new UnsupportedLayerException("a dense layer over " + in.shape());
        }
        int features = in.shape().last();
        Value plain = Shapes.steps(in, plan);
        memory.desc flat = Layouts.rowMajor((long) in.shape().dimension(0) * plan.rows(), features);
        return new Value(
                in.shape(),
                features,
                plan.view(flat, plain.data()),
                plain.gradient() == null ? null : plan.view(flat, plain.gradient()));
    }

    private static Value sequence(Value out, NetworkGraph.Node node, PlanBuilder plan) {
        if (!node.outputShape().isSequence()) {
            return out;
        }
        memory.desc steps = Layouts.rowMajor(
                node.outputShape().dimension(0), plan.rows(), node.outputShape().last());
        return new Value(
                node.outputShape(),
                out.channels(),
                plan.view(steps, out.data()),
                out.gradient() == null ? null : plan.view(steps, out.gradient()));
    }

    private static List<Runnable> towardsWeights(
            Value in,
            memory gradient,
            Strided kernel,
            @Nullable Strided bias,
            memory.desc weights,
            inner_product_forward.primitive_desc forwards,
            PlanBuilder plan) {
        memory.desc result = gradient.get_desc();
        var backwards = new inner_product_backward_weights.primitive_desc(
                bias == null
                        ? new inner_product_backward_weights.desc(in.desc(), weights, result)
                        : new inner_product_backward_weights.desc(in.desc(), weights, bias.desc(), result),
                plan.attributes(),
                Cpu.ENGINE,
                forwards);
        memory towards = plan.weights().gradient(kernel, backwards.diff_weights_desc());
        List<Object> arguments = new ArrayList<>(
                List.of(DNNL_ARG_SRC, in.data(), DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_DIFF_WEIGHTS, towards));
        if (bias != null) {
            arguments.addAll(List.of(DNNL_ARG_DIFF_BIAS, plan.weights().gradient(bias, bias.desc())));
        }
        List<Runnable> steps = new ArrayList<>();
        steps.add(plan.primitive(backwards, arguments.toArray()));
        plan.weights().store(towards, kernel, steps);
        return steps;
    }

    private static List<Runnable> towardsInput(
            memory target,
            memory gradient,
            memory loaded,
            memory.desc weights,
            inner_product_forward.primitive_desc forwards,
            PlanBuilder plan) {
        var backwards = new inner_product_backward_data.primitive_desc(
                new inner_product_backward_data.desc(target.get_desc(), weights, gradient.get_desc()),
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
