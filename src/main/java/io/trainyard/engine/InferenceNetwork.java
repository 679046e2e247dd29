package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.network.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A trained network that answers. To be used by one thread only: DL4J mixes up concurrent calls. */
public final class InferenceNetwork implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(InferenceNetwork.class);
    private static final int PROBES = 4;
    /** Of outputs, or of their share where they are larger than 1. */
    private static final double MOST_DIFFERENCE = 1e-5;

    private final ComputationGraph graph;
    private final Shape inputShape;
    private final int answers;

    private InferenceNetwork(ComputationGraph graph, Shape inputShape, int answers) {
        this.graph = graph;
        this.inputShape = inputShape;
        this.answers = answers;
    }

    static InferenceNetwork load(Path artifact, Shape inputShape, int answers) throws IOException {
        ComputationGraph trained = ModelArchive.read(artifact);
        return new InferenceNetwork(
                FoldedGraph.of(trained)
                        .map(folded -> chosen(trained, folded, inputShape))
                        .orElse(trained),
                inputShape,
                answers);
    }

    /** The folded graph, where it says the same; the other is freed. */
    private static ComputationGraph chosen(ComputationGraph trained, ComputationGraph folded, Shape inputShape) {
        float[] rows = new float[PROBES * inputShape.size()];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble();
        }
        double difference;
        try (INDArray input = Nd4j.create(rows, inputShape.batch(PROBES), 'c');
                INDArray expected = trained.outputSingle(false, input);
                INDArray output = folded.outputSingle(false, input);
                INDArray unit = Transforms.max(Transforms.abs(expected), 1)) {
            difference = output.sub(expected).divi(unit).amaxNumber().doubleValue();
        }
        boolean same = difference <= MOST_DIFFERENCE;
        if (!same) {
            log.warn("the folded network differs by {} and is not used", difference);
        }
        Network.free(same ? trained : folded);
        return same ? folded : trained;
    }

    /**
     * Requests are answered side by side, rather than each by all cores: OpenMP's threads spin while they wait for each
     * other, which on a busy machine costs more than they bring. OpenMP counts for each calling thread, the others for the
     * process.
     */
    static void useOneThread() {
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
