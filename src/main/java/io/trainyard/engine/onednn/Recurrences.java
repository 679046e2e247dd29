package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Bidirectional;
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

/** LSTM and GRU, in one direction or both, over steps, rows and features. */
final class Recurrences {

    private Recurrences() {}

    static void register() {
        on(Lstm.class, Recurrences::alone);
        on(Gru.class, Recurrences::alone);
        on(Bidirectional.class, Recurrences::bidirectional);
    }

    private static Value alone(RecurrentLayer layer, NetworkGraph.Node node, PlanBuilder plan) {
        if (layer.goBackwards() && layer.returnSequences()) {
            throw new UnsupportedLayerException("steps in the order of the computation");
        }
        return new Recurrence(layer, "", layer.goBackwards(), node, plan).add();
    }

    /** Steps of the second direction stay at their places, as Keras turns them back. */
    private static Value bidirectional(Bidirectional layer, NetworkGraph.Node node, PlanBuilder plan) {
        plan.takesAgain(plan.input(node));
        Value forward = new Recurrence(layer.layer(), "forward_", false, node, plan).add();
        Value backward = new Recurrence(layer.layer(), "backward_", true, node, plan).add();
        return switch (layer.mergeMode()) {
            case CONCAT -> Merges.concatenation(List.of(forward, backward), node.outputShape(), plan);
            case SUM -> Merges.combined(dnnl_binary_add, forward, backward, plan);
            case MUL -> Merges.combined(dnnl_binary_mul, forward, backward, plan);
            case AVE -> throw new UnsupportedLayerException("the mean of both directions");
        };
    }

    private static Cell cell(RecurrentLayer layer) {
        if (layer instanceof Lstm lstm) {
            check(lstm.activation(), lstm.recurrentActivation());
            return new LstmCell();
        }
        Gru gru = (Gru) layer;
        check(gru.activation(), gru.recurrentActivation());
        return gru.resetAfter() ? new ResetAfterGruCell() : new GruCell();
    }

    private static void check(Activation activation, Activation gates) {
        if (activation != Activation.TANH || gates != Activation.SIGMOID) {
            throw new UnsupportedLayerException("recurrence with " + activation + " and " + gates);
        }
    }

    /** One direction that is being added; its weights hold the gates in Keras' order, which is oneDNN's too. */
    private static final class Recurrence {

        private final Cell cell;
        private final RecurrentLayer layer;
        private final String prefix;
        private final boolean backwards;
        private final NetworkGraph.Node node;
        private final PlanBuilder plan;
        private final long units;

        /**
         * @param prefix of the weights' names
         * @param backwards whether it reads the steps from the last
         */
        Recurrence(RecurrentLayer layer, String prefix, boolean backwards, NetworkGraph.Node node, PlanBuilder plan) {
            this.cell = cell(layer);
            this.layer = layer;
            this.prefix = prefix;
            this.backwards = backwards;
            this.node = node;
            this.plan = plan;
            this.units = layer.units();
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
                    backwards ? dnnl_unidirectional_right2left : dnnl_unidirectional_left2right,
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
            plan.weights().find(node, prefix + "bias").ifPresent(weight -> cell.loadBias(weight, bias, plan));

            primitive_desc forwards = cell.forwards(sizes, plan);
            memory all = plan.allocate(sizes.outputs());
            List<Object> common = new ArrayList<>(
                    List.of(DNNL_ARG_SRC_LAYER, in.data(), DNNL_ARG_BIAS, bias, DNNL_ARG_DST_LAYER, all));
            // Zeros: without them, oneDNN 2.5.2 gives a wrong gradient of an LSTM's recurrent kernel.
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
            Value out = plan.seen(layer.outputShape(shape), given, last, trained);
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
            primitive_desc backward = cell.backwards(sizes, plan);
            plan.towardsOrNowhere(in, back, target -> {
                List<Object> all = new ArrayList<>(arguments);
                all.addAll(List.of(DNNL_ARG_DIFF_SRC_LAYER, target));
                return List.of(plan.primitive(backward, all.toArray()));
            });
            if (!node.frozen()) {
                store("kernel", towardsInput, back);
                store("recurrent_kernel", towardsState, back);
                plan.weights()
                        .find(node, prefix + "bias")
                        .ifPresent(weight -> cell.storeBias(weight, towardsBias, back, plan));
            }
        }

        private static Runnable zero(memory array) {
            FloatPointer values = Plan.floats(array);
            return () -> Pointer.memset(values, 0, values.capacity() * Float.BYTES);
        }

        private void load(String name, memory target) {
            Gates.of(plan.weights().find(node, prefix + name).orElseThrow(), target, plan)
                    .forEach(gates -> plan.weights().load(gates.parameter(), gates.array()));
        }

        private void store(String name, memory gradient, List<Runnable> back) {
            Gates.of(plan.weights().find(node, prefix + name).orElseThrow(), gradient, plan)
                    .forEach(gates -> plan.weights().store(gates.array(), gates.parameter(), back));
        }
    }
}
