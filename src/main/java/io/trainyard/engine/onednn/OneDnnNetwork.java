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
 * A network whose passes are oneDNN's primitives, on the weights that a DL4J network keeps. To be used by one thread only,
 * which computes by no more threads than are worthwhile until it is closed.
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

    /** In training, of smaller batches too. */
    private final int threads;

    private final int most;

    private OneDnnNetwork(NetworkGraph spec, Network network, int rows, int most) {
        this.spec = spec;
        this.network = network;
        this.threads = Threads.worthwhile(spec, rows, most);
        this.most = most;
    }

    /**
     * The same network here; empty where one of its layers is none of oneDNN's, or it has no fast kernel for it on this CPU.
     *
     * @param network of that spec, which keeps the weights, and whose gradients are already allocated
     * @param rows of a batch
     * @param most threads that it may be computed by
     */
    public static Optional<OneDnnNetwork> of(NetworkGraph spec, Network network, int rows, int most) {
        OneDnnNetwork made = new OneDnnNetwork(spec, network, rows, most);
        boolean known = false;
        try {
            made.prepare(rows);
            known = true;
            log.info("computed by oneDNN's primitives, by {} of {} threads", made.threads, most);
        } catch (UnsupportedLayerException unsupported) {
            log.info("computed by DL4J, not by oneDNN's primitives: {}", unsupported.getMessage());
        } catch (LinkageError missing) {
            log.warn(
                    "oneDNN's library cannot be loaded, and DL4J computes in its place, several times slower: {}",
                    missing.toString());
        } finally {
            if (!known) {
                made.close();
            }
        }
        return known ? Optional.of(made) : Optional.empty();
    }

    /** Makes both plans for batches of so many rows: after the first step there is no way back. */
    private void prepare(int rows) {
        Threads.use(threads);
        Plan first = PlanBuilder.plan(spec, network, rows, false, true);
        bytesOfRow = Math.max(1, first.bytes() / rows);
        inference.put(rows, first);
        makeRoom();
        training.put(rows, PlanBuilder.plan(spec, network, rows, true, true));
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
        Threads.use(threads);
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
        Threads.use(threads);
        plan(training, rows).backward(gradient);
    }

    /** The outputs of rows as the network is now. */
    public float[] infer(INDArray features) {
        Threads.use(Threads.worthwhile(spec, rows(features), most));
        return plan(inference, rows(features)).forward(features.data().addressPointer(), 0);
    }

    private static int rows(INDArray features) {
        return Math.toIntExact(features.size(0));
    }

    /** Frees all but the weights. */
    @Override
    public void close() {
        free();
        Threads.use(most);
    }

    private void free() {
        training.values().forEach(Plan::close);
        inference.values().forEach(Plan::close);
        training.clear();
        inference.clear();
    }
}
