package io.trainyard.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.engine.graph.Network;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of a network for one size of batch, layer by layer: allocates the arrays, creates the primitives and puts
 * them in order. Each layer gives its backward steps in the order in which they are run; the layers are run from the last.
 */
final class PlanBuilder {

    private final NetworkGraph spec;
    private final int rows;
    private final boolean training;
    private final boolean onlyFast;
    private final stream queue = new stream(Cpu.ENGINE);
    private final Weights weights;
    private final JoinedActivations activations;
    private final Plan.Randomness randomness = new Plan.Randomness();
    private final List<Pointer> owned = new ArrayList<>();
    /** Of all arrays. */
    private long bytes;

    private final List<memory> inputs = new ArrayList<>();
    private final List<memory> scratchpads = new ArrayList<>();
    private final List<Runnable> forward = new ArrayList<>();
    private final List<List<Runnable>> backward = new ArrayList<>();
    private final Map<String, Value> values = new HashMap<>();
    /** How many layers take each node's value. */
    private final Map<String, Integer> uses = new HashMap<>();
    /** How many are still to be made of those that write to each gradient, by its address. */
    private final Map<Long, Integer> writers = new HashMap<>();

    private PlanBuilder(NetworkGraph spec, Network network, int rows, boolean training, boolean onlyFast) {
        this.spec = spec;
        this.rows = rows;
        this.training = training;
        this.onlyFast = onlyFast;
        this.weights = new Weights(network, this);
        this.activations = new JoinedActivations(spec);
    }

    /**
     * The plan for batches of so many rows.
     *
     * @param training or inference
     * @param onlyFast whether layers are unsupported for which there is but a reference kernel
     * @throws UnsupportedLayerException where a layer is not to be computed here
     */
    static Plan plan(NetworkGraph spec, Network network, int rows, boolean training, boolean onlyFast) {
        PlanBuilder builder = new PlanBuilder(spec, network, rows, training, onlyFast);
        try {
            return builder.build();
        } catch (RuntimeException failed) {
            free(builder.owned);
            Status.throwIfExhausted(failed);
            throw failed;
        } catch (OutOfMemoryError exhausted) {
            free(builder.owned);
            throw exhausted;
        }
    }

    static void free(List<Pointer> owned) {
        // What was made last may refer to what was made before.
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
        owned.clear();
    }

    private Plan build() {
        owned.add(queue);
        values.put(NetworkGraph.INPUT, input());
        List<NetworkGraph.Node> nodes = spec.nodes();
        nodes.forEach(node -> node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
        // The loss takes the last.
        uses.put(spec.output().name(), 1);
        for (NetworkGraph.Node node : nodes) {
            Value value = added(node);
            values.put(node.name(), value);
            expectWriters(node, value);
        }
        Value last =
                Shapes.rowMajor(Objects.requireNonNull(values.get(spec.output().name())), this);
        List<Runnable> turned = new ArrayList<>();
        for (int i = backward.size() - 1; i >= 0; i--) {
            turned.addAll(backward.get(i));
        }
        shareScratchpad();
        return new Plan(queue, inputs, last.data(), last.gradient(), forward, turned, randomness, owned, bytes);
    }

    private Value input() {
        Shape shape = spec.inputShape();
        memory.desc layout = Shapes.naturalLayout(shape, rows);
        memory array = own(new memory(layout, Cpu.ENGINE, null));
        inputs.add(array);
        return new Value(shape, shape.last(), array, null);
    }

    private Value added(NetworkGraph.Node node) {
        return activations.isJoined(node) ? input(node) : Layers.add(node, this);
    }

    private void expectWriters(NetworkGraph.Node node, Value value) {
        if (value.gradient() == null) {
            return;
        }
        boolean passedOn = node.inputs().stream()
                .map(values::get)
                .anyMatch(input -> input != null
                        && input.gradient() != null
                        && address(input.gradient()) == address(value.gradient()));
        // Those of the layer itself are made, or it is no writer.
        int others = passedOn ? Objects.requireNonNull(writers.get(address(value.gradient()))) - 1 : 0;
        writers.put(address(value.gradient()), others + Objects.requireNonNull(uses.get(node.name())));
    }

    static long address(memory array) {
        return array.get_data_handle().address();
    }

    /** What a layer is to apply. */
    Activation activation(NetworkGraph.Node node, Activation own) {
        return activations.of(node, own);
    }

    Weights weights() {
        return weights;
    }

    int rows() {
        return rows;
    }

    boolean isTraining() {
        return training;
    }

    Plan.Randomness randomness() {
        return randomness;
    }

    /** What the node takes. */
    Value input(NetworkGraph.Node node) {
        return input(node, 0);
    }

    Value input(NetworkGraph.Node node, int index) {
        return Objects.requireNonNull(values.get(node.inputs().get(index)));
    }

    /**
     * An array of zeros.
     *
     * @throws OutOfMemoryError where the process would have more than JavaCPP allows it: oneDNN does not ask, and the system
     *     would end the process
     */
    memory allocate(memory.desc layout) {
        long size = Layouts.bytes(layout);
        long most = Pointer.maxPhysicalBytes();
        if (most > 0 && Pointer.physicalBytes() + size > most) {
            throw new OutOfMemoryError("no " + size + " bytes are left of the " + most + " that this process may have");
        }
        memory array = own(new memory(layout, Cpu.ENGINE));
        Pointer.memset(array.get_data_handle(), 0, size);
        bytes += size;
        return array;
    }

    /** The same bytes, seen in another way. */
    memory view(memory.desc layout, memory of) {
        if (layout.equals(of.get_desc())) {
            return of;
        }
        boolean input = inputs.contains(of);
        memory view = own(new memory(layout, Cpu.ENGINE, input ? null : of.get_data_handle()));
        if (input) {
            inputs.add(view);
        }
        return view;
    }

    /** Frees it with the plan. */
    <T extends Pointer> T own(T pointer) {
        owned.add(pointer);
        return pointer;
    }

    /** An array for what a layer gives, and for its gradient where something is trained in the layer or before it. */
    Value value(Shape shape, int channels, memory.desc layout, boolean trained) {
        return new Value(shape, channels, allocate(layout), gradient(layout, trained));
    }

    private @Nullable memory gradient(memory.desc layout, boolean trained) {
        if (!training || !trained) {
            return null;
        }
        memory gradient = allocate(layout);
        // Until it is a whole layer's: another step of the same layer takes it.
        writers.put(address(gradient), 1);
        return gradient;
    }

    /** The same for an array that is there. */
    Value seen(Shape shape, memory.desc layout, memory data, boolean trained) {
        return new Value(shape, shape.last(), view(layout, data), gradient(layout, trained));
    }

    /** Settings of every primitive: it has no memory of its own. */
    primitive_attr attributes() {
        primitive_attr attributes = own(new primitive_attr());
        attributes.set_scratchpad_mode(dnnl_scratchpad_mode_user);
        return attributes;
    }

    /**
     * A primitive that is run on the same arrays each time.
     *
     * @param arguments oneDNN's numbers for them, and arrays, in turn
     * @throws UnsupportedLayerException where it would take oneDNN's reference kernel, which is a hundred times slower, though that
     *     of recurrent layers is made of fast products of matrices
     */
    Runnable primitive(primitive_desc operation, Object... arguments) {
        String kernel = operation.impl_info_str().getString();
        if (onlyFast && kernel.contains("ref:") && operation.get_kind().intern() != primitive.kind.rnn) {
            throw new UnsupportedLayerException(
                    "no kernel but " + kernel + " for " + operation.get_kind().intern());
        }
        IntMemoryMap map = own(new IntMemoryMap());
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((Integer) arguments[i], (memory) arguments[i + 1]);
        }
        memory.desc scratch = operation.scratchpad_desc();
        if (!scratch.is_zero()) {
            memory scratchpad = own(new memory(scratch, Cpu.ENGINE, null));
            scratchpads.add(scratchpad);
            map.put(DNNL_ARG_SCRATCHPAD, scratchpad);
        }
        primitive made = own(new primitive(operation));
        return () -> made.execute(queue, map);
    }

    private void shareScratchpad() {
        scratchpads.stream()
                .max((a, b) -> Long.compare(Layouts.bytes(a.get_desc()), Layouts.bytes(b.get_desc())))
                .map(largest -> allocate(largest.get_desc()).get_data_handle())
                .ifPresent(bytes -> scratchpads.forEach(scratchpad -> scratchpad.set_data_handle(bytes)));
    }

    void forward(Runnable step) {
        forward.add(step);
    }

    /** Adds the backward steps of a layer, in the order in which they are run. */
    void backward(List<Runnable> steps) {
        backward.add(steps);
    }

    /** The same values in another layout; the array itself where it has that. */
    memory as(memory.desc wanted, memory given, List<Runnable> order) {
        if (wanted.equals(given.get_desc())) {
            return given;
        }
        memory other = allocate(wanted);
        order.add(copy(given, other));
        return other;
    }

    /** Values from one layout to another. */
    Runnable copy(memory from, memory to) {
        reorder made = own(new reorder(from, to));
        return () -> made.execute(queue, from, to);
    }

    /**
     * Where a layer is to write its part of the gradient towards what it takes. The last layer that takes a value is the first
     * of its layers in the backward pass, and sets the gradient; the others add to it.
     *
     * @param steps of the layer that come before
     * @param write gives the steps that write to an array of the value's layout
     */
    void towards(Value taken, List<Runnable> steps, Function<memory, List<Runnable>> write) {
        memory gradient = taken.gradient();
        if (gradient == null) {
            return;
        }
        int left = Objects.requireNonNull(writers.get(address(gradient)), "nobody is to write there") - 1;
        writers.put(address(gradient), left);
        if (left == 0) {
            steps.addAll(write.apply(gradient));
        } else {
            memory part = allocate(gradient.get_desc());
            steps.addAll(write.apply(part));
            steps.add(binary(dnnl_binary_add, gradient, part, gradient));
        }
    }

    /** As {@link #towards}, for primitives that cannot leave that part of the gradient out. */
    void towardsOrNowhere(Value taken, List<Runnable> steps, Function<memory, List<Runnable>> write) {
        if (taken.gradient() == null) {
            steps.addAll(write.apply(allocate(taken.desc())));
        } else {
            towards(taken, steps, write);
        }
    }

    /** Says that a layer takes what it takes once more. */
    void takesAgain(Value taken) {
        if (taken.gradient() != null) {
            writers.merge(address(taken.gradient()), 1, Integer::sum);
        }
    }

    /** Combines two arrays of one layout, value by value. */
    Runnable binary(int algorithm, memory first, memory second, memory result) {
        memory.desc layout = result.get_desc();
        return primitive(
                new binary.primitive_desc(new binary.desc(algorithm, layout, layout, layout), attributes(), Cpu.ENGINE),
                DNNL_ARG_SRC_0,
                first,
                DNNL_ARG_SRC_1,
                second,
                DNNL_ARG_DST,
                result);
    }
}
