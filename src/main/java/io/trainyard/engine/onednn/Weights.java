package io.trainyard.engine.onednn;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.NetworkGraph;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The weights and their gradients, which stay in DL4J's flat arrays, and how they come into primitives' layouts and back. */
final class Weights {

    private final Network network;
    private final PlanBuilder plan;
    private final FloatPointer parameters;
    private final FloatPointer gradients;

    Weights(Network network, PlanBuilder plan) {
        this.network = network;
        this.plan = plan;
        this.parameters = pointer(network.graph().params());
        this.gradients = pointer(network.graph().getFlattenedGradients());
    }

    private static FloatPointer pointer(INDArray flat) {
        // Past the array's offset already.
        return new FloatPointer(flat.data().addressPointer());
    }

    /** A weight of a layer; empty where it has none of that name. */
    Optional<PlacedWeight> find(NetworkGraph.Node node, String name) {
        return network.weights().stream()
                .filter(weight -> weight.node().equals(node.name())
                        && weight.weight().name().equals(name))
                .findFirst();
    }

    /** A weight that lies in one part. */
    Strided get(NetworkGraph.Node node, String name) {
        return Strided.of(find(node, name).orElseThrow());
    }

    /** Likewise; empty where the layer has none of that name. */
    Optional<Strided> getIfThere(NetworkGraph.Node node, String name) {
        return find(node, name).map(Strided::of);
    }

    /** A weight as it is at the beginning of a forward pass, in a primitive's layout; what fills up is 0. */
    memory loaded(Strided weight, memory.desc wanted) {
        if (wanted.equals(weight.desc())) {
            return on(parameters, weight);
        }
        memory loaded = plan.allocate(wanted);
        load(weight, plan.view(Layouts.used(wanted, weight.dims()), loaded));
        return loaded;
    }

    /** Brings a weight into an array at the beginning of a forward pass. */
    void load(Strided weight, memory target) {
        plan.forward(plan.copy(on(parameters, weight), target));
    }

    /** An array for the gradient of a weight: its place in the flat array, if it has the layout, or one to be {@link #store}d. */
    memory gradient(Strided weight, memory.desc layout) {
        return layout.equals(weight.desc()) ? on(gradients, weight) : plan.allocate(layout);
    }

    /** Brings a gradient to its place in the flat array. */
    void store(memory gradient, Strided weight, List<Runnable> steps) {
        memory place = on(gradients, weight);
        if (PlanBuilder.address(gradient) != PlanBuilder.address(place)) {
            steps.add(plan.copy(plan.view(Layouts.used(gradient.get_desc(), weight.dims()), gradient), place));
        }
    }

    /**
     * Lets a primitive write the gradient of a weight that the layer may have.
     *
     * @param argument oneDNN's number for it
     * @param arguments of the primitive, which it is added to
     * @param stores what is to be run after the primitive
     */
    void addGradient(
            int argument, @Nullable Strided weight, memory.desc layout, List<Object> arguments, List<Runnable> stores) {
        if (weight != null) {
            memory gradient = gradient(weight, layout);
            arguments.addAll(List.of(argument, gradient));
            store(gradient, weight, stores);
        }
    }

    private memory on(FloatPointer flat, Strided part) {
        return plan.own(new memory(part.desc(), Cpu.ENGINE, flat.getPointer(part.offset())));
    }

    /** All of them, flat. */
    FloatPointer parameters() {
        return parameters;
    }

    /** Their gradients, flat. */
    FloatPointer gradients() {
        return gradients;
    }
}
