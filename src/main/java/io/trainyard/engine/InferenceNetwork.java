package io.trainyard.engine;

import io.trainyard.network.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A trained network that answers. To be used by one thread only: DL4J mixes up concurrent calls. */
public final class InferenceNetwork implements AutoCloseable {

    private final MultiLayerNetwork network;
    private final Shape inputShape;

    private InferenceNetwork(MultiLayerNetwork network, Shape inputShape) {
        this.network = network;
        this.inputShape = inputShape;
    }

    static InferenceNetwork load(Path artifact, Shape inputShape) throws IOException {
        return new InferenceNetwork(ModelArchive.read(artifact), inputShape);
    }

    /**
     * Class probabilities of rows.
     *
     * @param features encoded values of all rows, in row-major order
     * @return [rows × classes], in row-major order
     */
    public float[] predict(float[] features, int rows) {
        try (INDArray input = Nd4j.create(features, inputShape.batch(rows), 'c')) {
            INDArray output = network.output(input, false);
            return output.dup('c').data().asFloat();
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
