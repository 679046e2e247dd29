package io.trainyard.engine.onednn;

import io.trainyard.engine.graph.PlacedWeight;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;

/** What recurrent layers differ in; one object for each layer of a plan. */
abstract class Cell {

    /**
     * The arrays of a recurrent primitive.
     *
     * @param kind of the forward pass
     * @param last the state after the last step; empty where nobody asks for it
     * @param state before the first step
     */
    record Sizes(
            int kind,
            int direction,
            memory.desc input,
            long[] kernel,
            long[] recurrent,
            memory.desc bias,
            memory.desc outputs,
            memory.desc last,
            memory.desc state) {}

    abstract int gates();

    /** Vectors of biases. */
    int biases() {
        return gates();
    }

    boolean hasCellState() {
        return false;
    }

    abstract primitive_desc forwards(Sizes sizes, PlanBuilder plan);

    /** After {@link #forwards}. */
    abstract primitive_desc backwards(Sizes sizes, PlanBuilder plan);

    /** Brings Keras' bias into oneDNN's at the beginning of a forward pass. */
    void loadBias(PlacedWeight weight, memory bias, PlanBuilder plan) {
        Gates.of(weight, bias, plan).forEach(gates -> plan.weights().load(gates.parameter(), gates.array()));
    }

    /** Brings the gradient towards oneDNN's bias to its place. */
    void storeBias(PlacedWeight weight, memory gradient, List<Runnable> back, PlanBuilder plan) {
        Gates.of(weight, gradient, plan).forEach(gates -> plan.weights().store(gates.array(), gates.parameter(), back));
    }

    /** Of a kernel, as a forward pass takes it. */
    static memory.desc forward(long[] kernel) {
        return Layouts.rowMajor(kernel);
    }

    /** Of a kernel, as a backward pass takes it. */
    static memory.desc backward(long[] kernel) {
        return Layouts.of(memory.format_tag.ldgoi, kernel);
    }
}
