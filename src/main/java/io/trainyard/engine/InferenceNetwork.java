package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.network.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** A trained network that answers. To be used by one thread only: DL4J mixes up concurrent calls. */
public final class InferenceNetwork implements AutoCloseable {

    private final ComputationGraph graph;
    private final Shape inputShape;
    private final int answers;

    private InferenceNetwork(ComputationGraph graph, Shape inputShape, int answers) {
        this.graph = graph;
        this.inputShape = inputShape;
        this.answers = answers;
    }

    static InferenceNetwork load(Path artifact, Shape inputShape, int answers) throws IOException {
        useOneThread();
        return new InferenceNetwork(ModelArchive.read(artifact), inputShape, answers);
    }

    /**
     * Requests are answered side by side, rather than each by all cores: OpenMP's threads spin while they wait for each
     * other, which on a busy machine costs more than they bring. OpenMP counts for each calling thread, the others for the
     * process.
     */
    private static void useOneThread() {
        // First: it loads the backend, which the next line needs.
        Nd4j.getEnvironment().setMaxThreads(1);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
        Nd4j.factory().blas().setMaxThreads(1);
    }

    /**
     * What the network says of rows: a probability for each class, or a number.
     *
     * @param features encoded values of all rows, in row-major order
     * @return [rows × answers], in row-major order
     */
    public float[] predict(float[] features, int rows) {
        float[] outputs;
        try (INDArray input = Nd4j.create(features, inputShape.batch(rows), 'c');
                INDArray output = graph.outputSingle(false, input)) {
            outputs = output.dup('c').data().asFloat();
        }
        return answers == 2 && outputs.length == rows ? ofBothClasses(outputs) : outputs;
    }

    /** One output for two classes is the probability of the second. */
    private static float[] ofBothClasses(float[] second) {
        float[] both = new float[2 * second.length];
        for (int row = 0; row < second.length; row++) {
            both[2 * row] = 1 - second[row];
            both[2 * row + 1] = second[row];
        }
        return both;
    }

    @Override
    public void close() {
        Network.free(graph);
    }
}
