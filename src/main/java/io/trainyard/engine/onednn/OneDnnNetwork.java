package io.trainyard.engine.onednn;

import io.trainyard.engine.graph.Network;
import io.trainyard.network.NetworkGraph;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network whose passes are oneDNN's primitives, on the weights that a DL4J network keeps. To be used by one thread only, on
 * which OpenMP has as many threads as are worthwhile until it is closed.
 * Outputs are those before the network's last softmax or sigmoid.
 */
public final class OneDnnNetwork implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OneDnnNetwork.class);
    /** Plans of other sizes are kept for the next time within so many bytes; one alone may take more. */
    private static final long KEPT = 256L << 20;

    private final NetworkGraph spec;
    private final Network network;
    /** By the number of rows. */
    private final Map<Integer, Plan> training = new HashMap<>();

    private final Map<Integer, Plan> inference = new HashMap<>();
    /** In inference. */
    private long bytesOfRow;

    private OneDnnNetwork(NetworkGraph spec, Network network) {
        this.spec = spec;
        this.network = network;
    }

    /**
     * The same network here; empty where one of its layers is none of oneDNN's, or it has no fast kernel for it on this CPU.
     *
     * @param network of that spec, which keeps the weights, and whose gradients are already allocated
     * @param rows of a batch
     */
    public static Optional<OneDnnNetwork> of(NetworkGraph spec, Network network, int rows) {
        Optional<OneDnnNetwork> made = Optional.empty();
        int threads = Threads.worthwhile(spec, rows);
        Threads.use(threads);
        try {
            made = Optional.of(planned(spec, network, rows));
            log.info("computed by oneDNN's primitives, by {} of {} threads", threads, Threads.all());
        } catch (UnsupportedLayerException unsupported) {
            log.info("computed by DL4J, not by oneDNN's primitives: {}", unsupported.getMessage());
        } catch (LinkageError missing) {
            log.warn(
                    "oneDNN's library cannot be loaded, and DL4J computes in its place, several times slower: {}",
                    missing.toString());
        } finally {
            if (made.isEmpty()) {
                Threads.use(Threads.all());
            }
        }
        return made;
    }

    /** With both plans for batches of so many rows: after the first step there is no way back. */
    private static OneDnnNetwork planned(NetworkGraph spec, Network network, int rows) {
        OneDnnNetwork made = new OneDnnNetwork(spec, network);
        try {
            Plan inference = PlanBuilder.plan(spec, network, rows, false, true);
            made.bytesOfRow = Math.max(1, inference.bytes() / rows);
            made.inference.put(rows, inference);
            made.makeRoom();
            made.training.put(rows, PlanBuilder.plan(spec, network, rows, true, true));
            return made;
        } catch (UnsupportedLayerException unsupported) {
            made.free();
            throw unsupported;
        }
    }

    private Plan plan(Map<Integer, Plan> plans, int rows) {
        Plan kept = plans.get(rows);
        if (kept != null) {
            return kept;
        }
        makeRoom();
        Plan made = PlanBuilder.plan(spec, network, rows, plans == training, false);
        plans.put(rows, made);
        return made;
    }

    private void makeRoom() {
        if (Stream.concat(training.values().stream(), inference.values().stream())
                        .mapToLong(Plan::bytes)
                        .sum()
                > KEPT) {
            free();
        }
    }

    /** How many rows are best inferred at a time: as many as given, or fewer where that would take much memory. */
    public int inferenceRows(int most) {
        return (int) Math.max(1, Math.min(most, KEPT / bytesOfRow));
    }

    /**
     * The outputs of a batch in training: with noise, and normalised by the batch.
     *
     * @param features [rows, …], not to be changed until the backward pass is made
     * @param seed of the noise
     * @return outputs of all rows, row-major
     */
    public float[] forward(INDArray features, long seed) {
        return plan(training, rows(features)).forward(features.data().addressPointer(), seed);
    }

    /**
     * Writes the gradients of all trained weights into the network's, and in place of those of moving averages what is to be
     * taken off them.
     *
     * @param rows of the forward pass before
     * @param gradient of the loss towards its outputs
     */
    public void backward(int rows, float[] gradient) {
        plan(training, rows).backward(gradient);
    }

    /** The outputs of rows as the network is now. */
    public float[] infer(INDArray features) {
        return plan(inference, rows(features)).forward(features.data().addressPointer(), 0);
    }

    private static int rows(INDArray features) {
        return Math.toIntExact(features.size(0));
    }

    /** Frees all but the weights. */
    @Override
    public void close() {
        free();
        Threads.use(Threads.all());
    }

    private void free() {
        training.values().forEach(Plan::close);
        inference.values().forEach(Plan::close);
        training.clear();
        inference.clear();
    }
}
