package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.LayerNormalization;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.memory;

/** Layer normalisation over the last axis: of each row of a vector, step of a sequence, or pixel of a picture. */
final class LayerNormalizations {

    private LayerNormalizations() {}

    static void register() {
        on(LayerNormalization.class, LayerNormalizations::layerNormalization);
    }

    private static Value layerNormalization(LayerNormalization layer, NetworkGraph.Node node, PlanBuilder plan) {
        Value in = Shapes.rowMajor(plan.input(node), plan);
        int size = node.inputShape().last();
        memory.desc vectors =
                Layouts.rowMajor((long) plan.rows() * node.inputShape().size() / size, size);
        Strided gamma = plan.weights().getIfThere(node, "gamma").orElse(null);
        Strided beta = plan.weights().getIfThere(node, "beta").orElse(null);
        int flags = (gamma == null ? 0 : dnnl_use_scale) | (beta == null ? 0 : dnnl_use_shift);
        float epsilon = layer.epsilon().floatValue();
        int kind = plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference;
        var forwards = new layer_normalization_forward.primitive_desc(
                new layer_normalization_forward.desc(kind, vectors, epsilon, flags), plan.attributes(), Cpu.ENGINE);
        boolean trained = (!node.frozen() && flags != 0) || in.gradient() != null;
        Value out = plan.value(in.shape(), in.channels(), in.desc(), trained);
        memory.desc each = Layouts.rowMajor(size);
        List<Object> arguments = new ArrayList<>(List.of(DNNL_ARG_SRC, plan.view(vectors, in.data())));
        if (plan.isTraining()) {
            memory.desc statistics = Layouts.rowMajor(Layouts.dims(vectors)[0]);
            arguments.addAll(
                    List.of(DNNL_ARG_MEAN, plan.allocate(statistics), DNNL_ARG_VARIANCE, plan.allocate(statistics)));
        }
        if (gamma != null) {
            arguments.addAll(List.of(DNNL_ARG_SCALE, plan.weights().loaded(gamma, each)));
        }
        if (beta != null) {
            arguments.addAll(List.of(DNNL_ARG_SHIFT, plan.weights().loaded(beta, each)));
        }
        List<Object> given = new ArrayList<>(arguments);
        given.addAll(List.of(DNNL_ARG_DST, plan.view(vectors, out.data())));
        plan.forward(plan.primitive(forwards, given.toArray()));

        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            var backwards = new layer_normalization_backward.primitive_desc(
                    new layer_normalization_backward.desc(dnnl_backward, vectors, vectors, epsilon, flags),
                    plan.attributes(),
                    Cpu.ENGINE,
                    forwards);
            arguments.addAll(List.of(DNNL_ARG_DIFF_DST, plan.view(vectors, out.gradient())));
            List<Runnable> stores = new ArrayList<>();
            plan.weights().addGradient(DNNL_ARG_DIFF_SCALE, gamma, each, arguments, stores);
            plan.weights().addGradient(DNNL_ARG_DIFF_SHIFT, beta, each, arguments, stores);
            plan.towardsOrNowhere(in, back, target -> {
                List<Object> all = new ArrayList<>(arguments);
                all.addAll(List.of(DNNL_ARG_DIFF_SRC, plan.view(vectors, target)));
                return List.of(plan.primitive(backwards, all.toArray()));
            });
            back.addAll(stores);
        }
        plan.backward(back);
        return out;
    }
}
