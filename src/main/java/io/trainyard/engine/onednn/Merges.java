package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Add;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;

/** What joins branches. */
final class Merges {

    private Merges() {}

    static void register() {
        on(Add.class, (layer, node, plan) -> sum(node, plan));
    }

    private static Value sum(NetworkGraph.Node node, PlanBuilder plan) {
        Value sum = plan.input(node);
        for (int i = 1; i < node.inputs().size(); i++) {
            sum = sum(sum, plan.input(node, i), plan);
        }
        return sum;
    }

    private static Value sum(Value first, Value other, PlanBuilder plan) {
        Value second = Shapes.as(first.desc(), other, plan);
        memory.desc layout = first.desc();
        Value out = plan.value(
                first.shape(), first.channels(), layout, first.gradient() != null || second.gradient() != null);
        plan.forward(plan.primitive(
                new binary.primitive_desc(
                        new binary.desc(dnnl_binary_add, layout, layout, layout), plan.attributes(), Cpu.ENGINE),
                DNNL_ARG_SRC_0,
                first.data(),
                DNNL_ARG_SRC_1,
                second.data(),
                DNNL_ARG_DST,
                out.data()));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            // Where both are the same, the one that is added later is the first to be run, and sets what the other adds
            // to.
            List<Runnable> later = new ArrayList<>();
            plan.towards(second, later, target -> List.of(plan.copy(gradient, target)));
            plan.towards(first, back, target -> List.of(plan.copy(gradient, target)));
            back.addAll(later);
        }
        plan.backward(back);
        return out;
    }
}
