package io.trainyard.engine.onednn;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Bidirectional;
import io.trainyard.network.layer.RecurrentLayer;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Weight;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads work inside a primitive. OpenMP keeps the number for each calling thread; ND4J's operations on that thread
 * go by it too. A plan is to be run by as many as it was made with, since its primitives share out their work beforehand.
 */
final class Threads {

    /** Of a layer, for which a thread is worth waking: 200 microseconds of a core, by the channels that the layer has. */
    private static final double MULTIPLY_ADDS = 16 << 20;
    /** Of a recurrent layer's step, after each of which the threads wait for each other. */
    private static final double MULTIPLY_ADDS_OF_STEP = 3 << 19;

    private Threads() {}

    /**
     * As many as the largest layer keeps busy, at least one: beyond, they wait for each other for longer than they compute.
     *
     * @param rows of a batch
     * @param most that there are
     */
    static int worthwhile(NetworkGraph spec, int rows, int most) {
        double busy = spec.nodes().stream()
                .mapToDouble(node -> busy(node, rows))
                .max()
                .orElse(0);
        return (int) Math.max(1, Math.min(most, busy));
    }

    private static double busy(NetworkGraph.Node node, int rows) {
        double kernels = node.weights().stream()
                .filter(weight -> weight.shape().size() > 1)
                .mapToDouble(Weight::size)
                .sum();
        if (node.layer() instanceof Bidirectional) {
            return busyInSteps(kernels / 2 * rows, node.inputShape());
        }
        if (node.layer() instanceof RecurrentLayer) {
            return busyInSteps(kernels * rows, node.inputShape());
        }
        // Each value of a kernel is used once at each position.
        return kernels * rows * positions(node.outputShape()) / MULTIPLY_ADDS;
    }

    private static double busyInSteps(double ofStep, Shape sequence) {
        return Math.min(ofStep * positions(sequence) / MULTIPLY_ADDS, ofStep / MULTIPLY_ADDS_OF_STEP);
    }

    private static int positions(Shape shape) {
        return shape.size() / shape.last();
    }

    /** Sets the number for what the calling thread computes from now on. */
    static void use(int threads) {
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
}
