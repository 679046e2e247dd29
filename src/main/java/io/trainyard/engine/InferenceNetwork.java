package io.trainyard.engine;

import io.trainyard.network.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A trained network that answers. To be used by one thread only: DL4J mixes up concurrent calls. */
public final class InferenceNetwork implements AutoCloseable {

    private final ComputationGraph graph;
    private final Shape inputShape;

    private InferenceNetwork(ComputationGraph graph, Shape inputShape) {
        this.graph = graph;
        this.inputShape = inputShape;
    }

    static InferenceNetwork load(Path artifact, Shape inputShape) throws IOException {
        return new InferenceNetwork(ModelArchive.read(artifact), inputShape);
    }

    /**
     * What the network gives for rows: probabilities, or numbers.
     *
     * @param features encoded values of all rows, in row-major order
     * @return [rows × outputs], in row-major order
     */
    public float[] predict(float[] features, int rows) {
        try (INDArray input = Nd4j.create(features, inputShape.batch(rows), 'c');
                INDArray output = graph.outputSingle(false, input)) {
            return output.dup('c').data().asFloat();
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
