package io.trainyard.engine.onednn;

import io.trainyard.engine.graph.Network;
import io.trainyard.network.NetworkGraph;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network whose passes are oneDNN's primitives, on the weights that a DL4J network keeps. To be used by one thread only.
 * Outputs are those before the network's last softmax or sigmoid.
 */
public final class OneDnnNetwork implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OneDnnNetwork.class);

    private final NetworkGraph spec;
    private final Network network;
    /** By the number of rows. */
    private final Map<Integer, Plan> training = new HashMap<>();

    private final Map<Integer, Plan> inference = new HashMap<>();

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
        OneDnnNetwork made = new OneDnnNetwork(spec, network);
        try {
            made.training(rows);
            return Optional.of(made);
        } catch (UnsupportedLayerException unsupported) {
            log.info("computed by DL4J, not by oneDNN's primitives: {}", unsupported.getMessage());
            made.close();
            return Optional.empty();
        }
    }

    private Plan training(int rows) {
        return training.computeIfAbsent(rows, count -> PlanBuilder.plan(spec, network, count, true));
    }

    /**
     * The outputs of a batch in training: with noise, and normalised by the batch.
     *
     * @param features [rows, …], not to be changed until the backward pass is made
     * @param seed of the noise
     * @return outputs of all rows, row-major
     */
    public float[] forward(INDArray features, long seed) {
        return training(rows(features)).forward(features.data().addressPointer(), seed);
    }

    /**
     * Writes the gradients of all trained weights into the network's, and in place of those of moving averages what is to be
     * taken off them.
     *
     * @param features of the forward pass before
     * @param gradient of the loss towards its outputs
     */
    public void backward(INDArray features, float[] gradient) {
        training(rows(features)).backward(gradient);
    }

    /** The outputs of rows as the network is now. */
    public float[] infer(INDArray features) {
        return inference
                .computeIfAbsent(rows(features), count -> PlanBuilder.plan(spec, network, count, false))
                .forward(features.data().addressPointer(), 0);
    }

    private static int rows(INDArray features) {
        return Math.toIntExact(features.size(0));
    }

    @Override
    public void close() {
        training.values().forEach(Plan::close);
        inference.values().forEach(Plan::close);
        training.clear();
        inference.clear();
    }
}
