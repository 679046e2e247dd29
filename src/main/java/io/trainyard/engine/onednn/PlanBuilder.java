package io.trainyard.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.BatchNormalization;
import io.trainyard.network.layer.Conv1d;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.Dense;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes the plan of a network for one size of batch, layer by layer: allocates the arrays, creates the primitives and puts
 * them in order. Each layer gives its backward steps in the order in which they are run; the layers are run from the last.
 */
final class PlanBuilder {

    /** That oneDNN's kernels like best. */
    private static final int ALIGNMENT = 64;

    private final NetworkGraph spec;
    private final Network network;
    private final int rows;
    private final boolean training;
    private final stream queue = new stream(Cpu.ENGINE);
    private final FloatPointer parameters;
    private final @Nullable FloatPointer gradients;
    private final Plan.Randomness randomness = new Plan.Randomness();
    private final List<Pointer> owned = new ArrayList<>();
    private final List<memory> inputs = new ArrayList<>();
    private final List<memory> scratchpads = new ArrayList<>();
    private final List<Runnable> forward = new ArrayList<>();
    private final List<List<Runnable>> backward = new ArrayList<>();
    private final Map<String, Value> values = new HashMap<>();
    /** How many layers take each node's value. */
    private final Map<String, Integer> uses = new HashMap<>();
    /** How many are still to be made of those that write to each gradient, by its address. */
    private final Map<Long, Integer> writers = new HashMap<>();
    /** The activation that joins each layer which computes it as its own. */
    private final Map<String, Activation> joined = new HashMap<>();

    private PlanBuilder(NetworkGraph spec, Network network, int rows, boolean training) {
        this.spec = spec;
        this.network = network;
        this.rows = rows;
        this.training = training;
        this.parameters = pointer(network.graph().params());
        INDArray flat = network.graph().getFlattenedGradients();
        this.gradients = flat == null ? null : pointer(flat);
    }

    private static FloatPointer pointer(INDArray flat) {
        // Past the array's offset already.
        return new FloatPointer(flat.data().addressPointer());
    }

    /**
     * The plan for batches of so many rows.
     *
     * @throws UnsupportedLayerException where a layer is not to be computed here
     */
    static Plan plan(NetworkGraph spec, Network network, int rows, boolean training) {
        PlanBuilder builder = new PlanBuilder(spec, network, rows, training);
        try {
            return builder.build();
        } catch (RuntimeException failed) {
            free(builder.owned);
            if (Status.OUT_OF_MEMORY.isOf(failed)) {
                throw new OutOfMemoryError(failed.getMessage());
            }
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
        join(nodes);
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
        return new Plan(queue, inputs, last.data(), last.gradient(), forward, turned, randomness, owned);
    }

    private Value input() {
        Shape shape = spec.inputShape();
        memory.desc layout =
                switch (shape.rank()) {
                    case 1 -> Layouts.rowMajor(rows, shape.last());
                    case 2 ->
                        Layouts.strided(
                                new long[] {shape.dimension(0), rows, shape.last()},
                                new long[] {shape.last(), shape.size(), 1});
                    case 3 -> Layouts.channelsLast(rows, shape.last(), shape.dimension(0), shape.dimension(1));
                    default -> throw new UnsupportedLayerException("an input of shape " + shape);
                };
        memory array = own(new memory(layout, Cpu.ENGINE, null));
        inputs.add(array);
        return new Value(shape, shape.last(), array, null);
    }

    private Value added(NetworkGraph.Node node) {
        if (node.layer() instanceof ActivationLayer && isJoined(node)) {
            return input(node);
        }
        return Layers.add(node, this);
    }

    /** An activation is left to the layer before it where that computes it on the way, and nobody else wants to see it without. */
    private void join(List<NetworkGraph.Node> nodes) {
        Map<String, NetworkGraph.Node> byName = new HashMap<>();
        nodes.forEach(node -> byName.put(node.name(), node));
        for (NetworkGraph.Node node : nodes) {
            NetworkGraph.Node before = byName.get(node.inputs().get(0));
            if (node.layer() instanceof ActivationLayer layer
                    && before != null
                    && uses.getOrDefault(before.name(), 0) == 1
                    && joins(before.layer(), ownActivation(node, layer.activation()))) {
                joined.put(before.name(), ownActivation(node, layer.activation()));
            }
        }
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

    private static long address(memory array) {
        return array.get_data_handle().address();
    }

    private static boolean joins(LayerSpec before, Activation activation) {
        if (before instanceof BatchNormalization) {
            return activation == Activation.RELU;
        }
        Activation own = before instanceof Conv1d || before instanceof Conv2d || before instanceof Dense
                ? before.outputActivation()
                : null;
        return own == Activation.LINEAR;
    }

    private boolean isJoined(NetworkGraph.Node node) {
        return joined.containsKey(node.inputs().get(0));
    }

    /** What a layer is to apply: that of its own, or of the layer that joined it; the last softmax or sigmoid is the loss's. */
    Activation activation(NetworkGraph.Node node, Activation own) {
        Activation other = joined.get(node.name());
        return other == null ? ownActivation(node, own) : other;
    }

    private Activation ownActivation(NetworkGraph.Node node, Activation own) {
        boolean last = node.name().equals(spec.output().name());
        return last && (own == Activation.SOFTMAX || own == Activation.SIGMOID) ? Activation.LINEAR : own;
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

    /** An array of zeros. Counted by JavaCPP, so that there is an error one can catch before the system has no memory left. */
    memory allocate(memory.desc layout) {
        long bytes = Math.max(Layouts.bytes(layout), Float.BYTES);
        FloatPointer allocated = own(new FloatPointer((bytes + ALIGNMENT) / Float.BYTES + 1));
        long past = allocated.address() % ALIGNMENT;
        FloatPointer aligned = past == 0 ? allocated : allocated.getPointer((ALIGNMENT - past) / Float.BYTES);
        Pointer.memset(aligned, 0, bytes);
        return own(new memory(layout, Cpu.ENGINE, aligned));
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
        memory gradient = training && trained ? allocate(layout) : null;
        if (gradient != null) {
            // Within a layer.
            writers.put(address(gradient), 1);
        }
        return new Value(shape, channels, allocate(layout), gradient);
    }

    /** The same for an array that is there. */
    Value seen(Shape shape, memory.desc layout, memory data, boolean trained) {
        memory gradient = training && trained ? allocate(layout) : null;
        return new Value(shape, shape.last(), view(layout, data), gradient);
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
     * @throws UnsupportedLayerException where it would take oneDNN's reference kernel, which is a hundred times slower
     */
    Runnable primitive(primitive_desc operation, Object... arguments) {
        String kernel = operation.impl_info_str().getString();
        if (kernel.startsWith("ref") && operation.get_kind().intern() != primitive.kind.rnn) {
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

    memory asForward(memory.desc wanted, memory given) {
        return as(wanted, given, forward);
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
        if (writers.merge(address(gradient), -1, Integer::sum) == 0) {
            steps.addAll(write.apply(gradient));
        } else {
            memory part = allocate(gradient.get_desc());
            steps.addAll(write.apply(part));
            steps.add(addition(part, gradient));
        }
    }

    /** Adds an array to another of the same layout. */
    Runnable addition(memory part, memory sum) {
        memory.desc layout = sum.get_desc();
        return primitive(
                new binary.primitive_desc(
                        new binary.desc(dnnl_binary_add, layout, layout, layout), attributes(), Cpu.ENGINE),
                DNNL_ARG_SRC_0,
                sum,
                DNNL_ARG_SRC_1,
                part,
                DNNL_ARG_DST,
                sum);
    }

    /** A weight of a layer; empty where it has none of that name. */
    Optional<PlacedWeight> weight(NetworkGraph.Node node, String name) {
        return network.weights().stream()
                .filter(weight -> weight.node().equals(node.name())
                        && weight.weight().name().equals(name))
                .findFirst();
    }

    /** Parameters as they are at the beginning of a forward pass, in a primitive's layout; what fills up is 0. */
    memory loaded(Strided parameter, memory.desc wanted) {
        if (wanted.equals(parameter.desc())) {
            return on(parameters, parameter);
        }
        memory loaded = allocate(wanted);
        load(parameter, view(Layouts.used(wanted, parameter.dims()), loaded));
        return loaded;
    }

    /** Brings parameters into an array at the beginning of a forward pass. */
    void load(Strided parameter, memory target) {
        forward.add(copy(on(parameters, parameter), target));
    }

    /** An array for a gradient of a parameter: its place in the flat array, if it has the layout, or one to be {@link #stored}. */
    memory gradient(Strided parameter, memory.desc layout) {
        return layout.equals(parameter.desc()) ? on(Objects.requireNonNull(gradients), parameter) : allocate(layout);
    }

    /** Brings a gradient to its place in the flat array. */
    void stored(memory gradient, Strided parameter, List<Runnable> steps) {
        memory.desc layout = gradient.get_desc();
        memory place = on(Objects.requireNonNull(gradients), parameter);
        if (address(gradient) != address(place)) {
            steps.add(copy(view(Layouts.used(layout, parameter.dims()), gradient), place));
        }
    }

    private memory on(FloatPointer flat, Strided part) {
        return own(new memory(part.desc(), Cpu.ENGINE, flat.getPointer(part.offset())));
    }

    /** All parameters of the network. */
    FloatPointer parameters() {
        return parameters;
    }

    /** Their gradients. */
    FloatPointer gradients() {
        return Objects.requireNonNull(gradients);
    }
}
