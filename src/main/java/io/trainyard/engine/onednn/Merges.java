package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Add;
import io.trainyard.network.layer.Concatenate;
import io.trainyard.network.layer.Multiply;
import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/** What joins branches. */
final class Merges {

    private Merges() {}

    static void register() {
        on(Add.class, (layer, node, plan) -> combined(dnnl_binary_add, node, plan));
        on(Multiply.class, (layer, node, plan) -> combined(dnnl_binary_mul, node, plan));
        on(Concatenate.class, (layer, node, plan) -> {
            int rank = node.outputShape().rank();
            if (layer.axis(rank + 1) != rank) {
                throw new UnsupportedLayerException("another axis than the last");
            }
            List<Value> parts = new ArrayList<>();
            for (int i = 0; i < node.inputs().size(); i++) {
                parts.add(plan.input(node, i));
            }
            return concatenation(parts, node.outputShape(), plan);
        });
    }

    private static Value combined(int algorithm, NetworkGraph.Node node, PlanBuilder plan) {
        Value combined = plan.input(node);
        for (int i = 1; i < node.inputs().size(); i++) {
            combined = combined(algorithm, combined, plan.input(node, i), plan);
        }
        return combined;
    }

    /** Value by value. */
    static Value combined(int algorithm, Value one, Value other, PlanBuilder plan) {
        boolean alike = haveSameArrays(one, other);
        Value first = alike ? one : Shapes.rowMajor(one, plan);
        Value second = Shapes.as(first.desc(), alike ? other : Shapes.rowMajor(other, plan), plan);
        boolean trained = first.gradient() != null || second.gradient() != null;
        Value out = plan.value(first.shape(), first.channels(), first.desc(), trained);
        plan.forward(plan.binary(algorithm, first.data(), second.data(), out.data()));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            plan.towards(second, back, target -> List.of(towards(algorithm, gradient, first, target, plan)));
            // Where both are the same, what is added later is run first, and sets what the other adds to.
            List<Runnable> before = new ArrayList<>();
            plan.towards(first, before, target -> List.of(towards(algorithm, gradient, second, target, plan)));
            back.addAll(0, before);
        }
        plan.backward(back);
        return out;
    }

    /** Up to their layout: one may be flattened pictures, and the other a vector, or pictures of other sizes. */
    private static boolean haveSameArrays(Value one, Value other) {
        long[] dims = one.dims();
        long[] others = other.dims();
        return dims.length == others.length
                && one.channels() == other.channels()
                && (dims.length != 4 || (dims[2] == others[2] && dims[3] == others[3]));
    }

    private static Runnable towards(int algorithm, memory gradient, Value factor, memory target, PlanBuilder plan) {
        return algorithm == dnnl_binary_add
                ? plan.copy(gradient, target)
                : plan.binary(algorithm, gradient, factor.data(), target);
    }

    /** Side by side along the last axis, nothing filled up in between. */
    static Value concatenation(List<Value> given, Shape shape, PlanBuilder plan) {
        List<Value> parts =
                given.stream().map(part -> Shapes.rowMajor(part, plan)).toList();
        boolean trained = parts.stream().anyMatch(part -> part.gradient() != null);
        memory.desc whole = Shapes.naturalLayout(shape, plan.rows());
        Value out = plan.value(shape, shape.last(), whole, trained);
        int axis = shape.isSequence() ? 2 : 1;
        long from = 0;
        List<Runnable> back = new ArrayList<>();
        for (Value part : parts) {
            long[] dims = part.dims();
            long[] offsets = new long[dims.length];
            offsets[axis] = from;
            from += dims[axis];
            memory.desc place = whole.submemory_desc(dims, offsets);
            plan.forward(plan.copy(part.data(), plan.view(place, out.data())));
            memory gradient = out.gradient();
            if (gradient != null) {
                List<Runnable> before = new ArrayList<>();
                plan.towards(part, before, target -> List.of(plan.copy(plan.view(place, gradient), target)));
                back.addAll(0, before);
            }
        }
        plan.backward(back);
        return out;
    }
}
