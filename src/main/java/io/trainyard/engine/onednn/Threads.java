package io.trainyard.engine.onednn;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Bidirectional;
import io.trainyard.network.layer.RecurrentLayer;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Weight;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** How many threads work inside a primitive. OpenMP, which ND4J and oneDNN share, keeps the number for each calling thread. */
final class Threads {

    /** Multiply-adds that a thread is worth waking for, about 200 microseconds on one core. */
    static final long SHARE = 16L << 20;

    private Threads() {}

    /** As many as this process was given. */
    static int all() {
        return Nd4j.getEnvironment().maxThreads();
    }

    /**
     * As many as the largest layer keeps busy, at least one: beyond, they wait for each other for longer than they compute.
     *
     * @param rows of a batch
     */
    static int worthwhile(NetworkGraph spec, int rows) {
        double largest = spec.nodes().stream()
                .mapToDouble(node -> multiplyAdds(node) * rows)
                .max()
                .orElse(0);
        return (int) Math.max(1, Math.min(all(), largest / SHARE));
    }

    /** Of one row's forward pass: each value of a kernel is used at each position once. */
    private static double multiplyAdds(NetworkGraph.Node node) {
        boolean stepwise = node.layer() instanceof RecurrentLayer || node.layer() instanceof Bidirectional;
        Shape positions = stepwise ? node.inputShape() : node.outputShape();
        double kernels = node.weights().stream()
                .filter(weight -> weight.shape().size() > 1)
                .mapToDouble(Weight::size)
                .sum();
        return kernels * positions.size() / positions.last();
    }

    /** Sets the number for what the calling thread computes from now on. */
    static void use(int threads) {
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
}
