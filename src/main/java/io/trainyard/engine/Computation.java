package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.onednn.OneDnnNetwork;
import io.trainyard.network.NetworkGraph;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** How the passes through a network are made. */
interface Computation extends AutoCloseable {

    /**
     * Leaves the gradient of a batch's loss in the network's flat array, and the losses and predictions in {@code loss}.
     *
     * @param seed of all that is random
     */
    void gradient(Batch batch, BatchLoss loss, long seed);

    /** How many rows are best inferred at a time, at most so many. */
    int inferenceRows(int most);

    /** What the network gives as it is now, for all rows, row-major. */
    float[] infer(Batch batch);

    @Override
    void close();

    /** Makes one for a network and most batches' size. */
    @FunctionalInterface
    interface Factory {
        Computation of(NetworkGraph spec, Network network, int batchSize);
    }

    /**
     * By oneDNN's primitives where they are all that is needed and the arrays are the processor's, otherwise by DL4J.
     *
     * @param batchSize of most batches
     */
    static Computation of(NetworkGraph spec, Network network, int batchSize) {
        boolean onHost = Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
        return (onHost
                        ? OneDnnNetwork.of(
                                spec, network, batchSize, Nd4j.getEnvironment().maxThreads())
                        : Optional.<OneDnnNetwork>empty())
                .<Computation>map(Primitives::new)
                .orElseGet(() -> new Graph(network));
    }

    /** DL4J's own, layer by layer, on any device. */
    record Graph(Network network) implements Computation {

        @Override
        public void gradient(Batch batch, BatchLoss loss, long seed) {
            Nd4j.getRandom().setSeed(seed);
            loss.expect(batch.targets());
            network.graph().setInputs(batch.features());
            network.graph().setLabels(batch.labels());
            network.graph().computeGradientAndScore();
        }

        @Override
        public int inferenceRows(int most) {
            return most;
        }

        @Override
        public float[] infer(Batch batch) {
            try (INDArray output = network.graph().outputSingle(false, batch.features())) {
                return output.dup('c').data().asFloat();
            }
        }

        @Override
        public void close() {
            // The session frees the network.
        }
    }

    /** oneDNN's primitives. */
    record Primitives(OneDnnNetwork network) implements Computation {

        @Override
        public void gradient(Batch batch, BatchLoss loss, long seed) {
            loss.expect(batch.targets());
            float[] outputs = network.forward(batch.features(), seed);
            network.backward(batch.rows(), loss.gradient(outputs));
        }

        @Override
        public int inferenceRows(int most) {
            return network.inferenceRows(most);
        }

        @Override
        public float[] infer(Batch batch) {
            return network.infer(batch.features());
        }

        @Override
        public void close() {
            network.close();
        }
    }
}
