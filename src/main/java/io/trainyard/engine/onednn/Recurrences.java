package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Gru;
import io.trainyard.network.layer.Lstm;
import io.trainyard.network.layer.RecurrentLayer;
import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** LSTM and GRU, over steps, rows and features. */
final class Recurrences {

    private Recurrences() {}

    static void register() {
        on(Lstm.class, (layer, node, plan) -> {
            check(layer.activation(), layer.recurrentActivation());
            return new Recurrence(new LstmCell(), layer, node, plan).add();
        });
        on(Gru.class, (layer, node, plan) -> {
            check(layer.activation(), layer.recurrentActivation());
            return new Recurrence(layer.resetAfter() ? new ResetAfterGruCell() : new GruCell(), layer, node, plan)
                    .add();
        });
    }

    private static void check(Activation activation, Activation gates) {
        if (activation != Activation.TANH || gates != Activation.SIGMOID) {
            throw new UnsupportedLayerException("recurrence with " + activation + " and " + gates);
        }
    }

    /** A layer that is being added; its weights hold the gates in Keras' order, which is oneDNN's too. */
    private static final class Recurrence {

        private final Cell cell;
        private final RecurrentLayer layer;
        private final NetworkGraph.Node node;
        private final PlanBuilder plan;
        private final long units;

        Recurrence(Cell cell, RecurrentLayer layer, NetworkGraph.Node node, PlanBuilder plan) {
            if (layer.goBackwards() && layer.returnSequences()) {
                throw new UnsupportedLayerException("steps in the order of the computation");
            }
            this.cell = cell;
            this.layer = layer;
            this.node = node;
            this.plan = plan;
            this.units = node.outputShape().last();
        }

        Value add() {
            int rows = plan.rows();
            Shape shape = node.inputShape();
            Value in = Shapes.steps(plan.input(node), plan);
            long[] kernel = {1, 1, shape.last(), cell.gates(), units};
            long[] recurrent = {1, 1, units, cell.gates(), units};
            boolean sequences = layer.returnSequences();
            Cell.Sizes sizes = new Cell.Sizes(
                    plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference,
                    layer.goBackwards() ? dnnl_unidirectional_right2left : dnnl_unidirectional_left2right,
                    in.desc(),
                    kernel,
                    recurrent,
                    Layouts.rowMajor(1, 1, cell.biases(), units),
                    Layouts.rowMajor(shape.dimension(0), rows, units),
                    sequences ? new memory.desc() : Layouts.rowMajor(1, 1, rows, units),
                    Layouts.rowMajor(1, 1, rows, units));
            memory ofInput = plan.allocate(Cell.forward(kernel));
            memory ofState = plan.allocate(Cell.forward(recurrent));
            memory bias = plan.allocate(sizes.bias());
            load("kernel", ofInput);
            load("recurrent_kernel", ofState);
            plan.weights().find(node, "bias").ifPresent(weight -> cell.loadBias(weight, bias, plan));

            primitive_desc forwards = cell.forwards(sizes, plan);
            memory all = plan.allocate(sizes.outputs());
            List<Object> common = new ArrayList<>(
                    List.of(DNNL_ARG_SRC_LAYER, in.data(), DNNL_ARG_BIAS, bias, DNNL_ARG_DST_LAYER, all));
            if (cell.hasCellState()) {
                common.addAll(List.of(
                        DNNL_ARG_SRC_ITER,
                        plan.allocate(sizes.state()),
                        DNNL_ARG_SRC_ITER_C,
                        plan.allocate(sizes.state())));
            }
            memory last = sequences ? all : plan.allocate(sizes.last());
            if (!sequences) {
                common.addAll(List.of(DNNL_ARG_DST_ITER, last));
            }
            if (!sequences && cell.hasCellState()) {
                common.addAll(List.of(DNNL_ARG_DST_ITER_C, plan.allocate(sizes.last())));
            }
            if (plan.isTraining()) {
                common.addAll(List.of(DNNL_ARG_WORKSPACE, plan.allocate(forwards.workspace_desc())));
            }
            List<Object> arguments = new ArrayList<>(common);
            arguments.addAll(List.of(DNNL_ARG_WEIGHTS_LAYER, ofInput, DNNL_ARG_WEIGHTS_ITER, ofState));
            plan.forward(plan.primitive(forwards, arguments.toArray()));

            memory.desc given = sequences ? sizes.outputs() : Layouts.rowMajor(rows, units);
            boolean trained = !node.frozen() || in.gradient() != null;
            Value out = plan.seen(node.outputShape(), given, last, trained);
            List<Runnable> back = new ArrayList<>();
            if (out.gradient() != null) {
                backward(in, out.gradient(), sizes, common, ofInput, ofState, back);
            }
            plan.backward(back);
            return out;
        }

        private void backward(
                Value in,
                memory gradient,
                Cell.Sizes sizes,
                List<Object> common,
                memory ofInput,
                memory ofState,
                List<Runnable> back) {
            boolean sequences = layer.returnSequences();
            memory towardsInput = plan.allocate(ofInput.get_desc());
            memory towardsState = plan.allocate(ofState.get_desc());
            memory towardsBias = plan.allocate(sizes.bias());
            // oneDNN adds to them.
            back.add(zero(towardsInput));
            back.add(zero(towardsState));
            back.add(zero(towardsBias));
            List<Object> arguments = new ArrayList<>(common);
            arguments.addAll(List.of(
                    DNNL_ARG_WEIGHTS_LAYER,
                    plan.as(Cell.backward(sizes.kernel()), ofInput, back),
                    DNNL_ARG_WEIGHTS_ITER,
                    plan.as(Cell.backward(sizes.recurrent()), ofState, back),
                    DNNL_ARG_DIFF_WEIGHTS_LAYER,
                    towardsInput,
                    DNNL_ARG_DIFF_WEIGHTS_ITER,
                    towardsState,
                    DNNL_ARG_DIFF_BIAS,
                    towardsBias,
                    DNNL_ARG_DIFF_DST_LAYER,
                    sequences ? gradient : plan.allocate(sizes.outputs())));
            if (!sequences) {
                arguments.addAll(List.of(DNNL_ARG_DIFF_DST_ITER, plan.view(sizes.last(), gradient)));
            }
            if (!sequences && cell.hasCellState()) {
                arguments.addAll(List.of(DNNL_ARG_DIFF_DST_ITER_C, plan.allocate(sizes.last())));
            }
            if (cell.hasCellState()) {
                arguments.addAll(List.of(
                        DNNL_ARG_DIFF_SRC_ITER,
                        plan.allocate(sizes.state()),
                        DNNL_ARG_DIFF_SRC_ITER_C,
                        plan.allocate(sizes.state())));
            }
            primitive_desc backwards = cell.backwards(sizes, plan);
            if (in.gradient() == null) {
                // There is no way to ask for the weights' gradient alone.
                back.add(run(backwards, arguments, plan.allocate(in.desc())));
            } else {
                plan.towards(in, back, target -> List.of(run(backwards, arguments, target)));
            }
            if (!node.frozen()) {
                store("kernel", towardsInput, back);
                store("recurrent_kernel", towardsState, back);
                plan.weights().find(node, "bias").ifPresent(weight -> cell.storeBias(weight, towardsBias, back, plan));
            }
        }

        private Runnable run(primitive_desc backwards, List<Object> arguments, memory target) {
            List<Object> all = new ArrayList<>(arguments);
            all.addAll(List.of(DNNL_ARG_DIFF_SRC_LAYER, target));
            return plan.primitive(backwards, all.toArray());
        }

        private static Runnable zero(memory array) {
            FloatPointer values = Plan.floats(array);
            return () -> Pointer.memset(values, 0, values.capacity() * Float.BYTES);
        }

        private void load(String name, memory target) {
            Gates.of(plan.weights().find(node, name).orElseThrow(), target, plan)
                    .forEach(gates -> plan.weights().load(gates.parameter(), gates.array()));
        }

        private void store(String name, memory gradient, List<Runnable> back) {
            Gates.of(plan.weights().find(node, name).orElseThrow(), gradient, plan)
                    .forEach(gates -> plan.weights().store(gates.array(), gates.parameter(), back));
        }
    }
}
