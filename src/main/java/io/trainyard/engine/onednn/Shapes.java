package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Flatten;
import io.trainyard.network.layer.Reshape;
import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/** The same values in another shape or layout. */
final class Shapes {

    private Shapes() {}

    static void register() {
        on(Flatten.class, (layer, node, plan) -> flattened(node, plan));
        on(Reshape.class, (layer, node, plan) -> reshaped(node.outputShape(), plan.input(node), plan));
    }

    /** A picture keeps its layout for activations and noise that come next; the first that needs a vector makes one. */
    private static Value flattened(NetworkGraph.Node node, PlanBuilder plan) {
        Value in = plan.input(node);
        return in.holdsPictures()
                ? new Value(node.outputShape(), in.channels(), in.data(), in.gradient())
                : reshaped(node.outputShape(), in, plan);
    }

    private static Value reshaped(Shape shape, Value in, PlanBuilder plan) {
        if (shape.equals(in.shape())) {
            return in;
        }
        Value plain = rowMajor(in, plan);
        return seenAs(shape, naturalLayout(shape, plan.rows()), plain, plan);
    }

    static memory.desc naturalLayout(Shape shape, int rows) {
        return switch (shape.rank()) {
            case 1 -> Layouts.rowMajor(rows, shape.last());
            case 2 ->
                Layouts.strided(
                        new long[] {shape.dimension(0), rows, shape.last()},
                        new long[] {shape.last(), shape.size(), 1});
            case 3 -> Layouts.channelsLast(rows, shape.last(), shape.dimension(0), shape.dimension(1));
            default -> throw new UnsupportedLayerException("the shape " + shape);
        };
    }

    private static Value seenAs(Shape shape, memory.desc layout, Value in, PlanBuilder plan) {
        return new Value(
                shape,
                shape.last(),
                plan.view(layout, in.data()),
                in.gradient() == null ? null : plan.view(layout, in.gradient()));
    }

    /** The value with each row in one piece, in the order of its shape, nothing filled up. */
    static Value rowMajor(Value in, PlanBuilder plan) {
        memory.desc wanted = in.holdsPictures() ? channelsLast(in) : naturalLayout(in.shape(), plan.rows());
        Value plain = as(wanted, in, plan);
        return in.holdsPictures() && !in.shape().isImage()
                ? seenAs(in.shape(), naturalLayout(in.shape(), plan.rows()), plain, plan)
                : plain;
    }

    private static memory.desc channelsLast(Value in) {
        long[] dims = in.dims();
        return Layouts.channelsLast(dims[0], in.channels(), dims[2], dims[3]);
    }

    /** The value in another layout, where what fills up may differ. */
    static Value as(memory.desc wanted, Value in, PlanBuilder plan) {
        if (wanted.equals(in.desc())) {
            return in;
        }
        Value out = plan.value(in.shape(), in.channels(), wanted, in.gradient() != null);
        long[] used = Layouts.dims(wanted);
        if (used.length == 4) {
            used[1] = in.channels();
        }
        plan.forward(plan.copy(used(in.data(), used, plan), used(out.data(), used, plan)));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            plan.towards(in, back, target -> List.of(plan.copy(used(gradient, used, plan), used(target, used, plan))));
        }
        plan.backward(back);
        return out;
    }

    private static memory used(memory array, long[] dims, PlanBuilder plan) {
        return plan.view(Layouts.used(array.get_desc(), dims), array);
    }

    /** A sequence as pictures of one row; pictures as they are. */
    static Value pictures(Value in, PlanBuilder plan) {
        if (in.holdsPictures()) {
            return in;
        }
        Value plain = rowMajor(in, plan);
        memory.desc row =
                Layouts.channelsLast(plan.rows(), in.channels(), 1, in.shape().dimension(0));
        return new Value(
                in.shape(),
                in.channels(),
                plan.view(row, plain.data()),
                plain.gradient() == null ? null : plan.view(row, plain.gradient()));
    }

    /** A sequence in one piece: steps, rows, features. */
    static Value steps(Value in, PlanBuilder plan) {
        return as(
                Layouts.rowMajor(
                        in.shape().dimension(0), plan.rows(), in.shape().last()),
                in.holdsPictures() ? rowMajor(in, plan) : in,
                plan);
    }

    /** Pictures, or sequences as such, with their channels in blocks, filled up. */
    static Value blocked(Value given, PlanBuilder plan) {
        Value in = pictures(given, plan);
        long[] dims = in.dims();
        int channels = Cpu.blocks(in.channels());
        return dims[1] == channels && !isChannelsLast(in)
                ? in
                : as(Layouts.of(Cpu.blockedPictures(), dims[0], channels, dims[2], dims[3]), in, plan);
    }

    private static boolean isChannelsLast(Value in) {
        long[] dims = in.dims();
        return in.desc().equals(Layouts.channelsLast(dims[0], dims[1], dims[2], dims[3]));
    }
}
