package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.engine.onednn.OneDnnNetwork;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.layer.Activation;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** oneDNN's primitives and DL4J compute the same: gradients of every weight, losses and outputs, up to rounding. */
class ComputationTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    private static final int ROWS = 6;
    private static final int CLASSES = 3;
    /** Relative to the largest value of each array. */
    private static final double TOLERANCE = 1e-4;

    /** Networks of the layers that are known to both, in sizes that fill blocks of channels, and in such that do not. */
    enum Kind {
        LSTM("[5, 7]", """
            {"type": "lstm", "units": 9}"""),
        LSTMW("[28, 28]", """
            {"type": "lstm", "units": 128}"""),
        LSTM16("[5, 16]", """
            {"type": "lstm", "units": 16}"""),
        LSTM4("[5, 3]", """
            {"type": "lstm", "units": 4}""");

        private final String inputShape;
        private final String layers;

        Kind(String inputShape, String layers) {
            this.inputShape = inputShape;
            this.layers = layers;
        }

        NetworkGraph network() {
            return NetworkGraph.of(JSON.readValue("""
                    {"input_shape": %s, "layers": [%s, {"type": "dense", "units": %d, "activation": "softmax"}]}
                    """.formatted(inputShape, layers, CLASSES), NetworkSpec.class));
        }
    }

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().onednn()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void bothGiveTheSameGradients(Kind kind) {
        NetworkGraph spec = kind.network();
        BatchLoss loss = new BatchLoss(
                new Objective(new LossSpec.CategoricalCrossentropy(0.0), Activation.SOFTMAX, CLASSES, CLASSES),
                new double[] {1, 2, 3});
        try (Network network = Network.training(spec, loss)) {
            network.initialise(1);
            network.graph().initGradientsView();
            SplittableRandom random = new SplittableRandom(2);
            Batch batch = batch(spec, random);
            Computation expected = new Computation.Graph(network);
            try (Computation actual = new Computation.Primitives(
                    OneDnnNetwork.of(spec, network, ROWS).orElseThrow())) {
                expected.gradient(batch, loss, 3);
                INDArray gradient = network.graph().getFlattenedGradients();
                float[] theirs = gradient.dup().data().asFloat();
                float[] predictions = loss.predictions();
                gradient.assign(Float.NaN);
                actual.gradient(batch, loss, 3);
                float[] ours = gradient.dup().data().asFloat();
                assertClose("predictions", loss.predictions(), predictions, 0, predictions.length);
                for (PlacedWeight weight : network.weights()) {
                    assertClose(weight.node() + "/" + weight.weight().name(), ours, theirs, (int) weight.offset(), (int)
                            weight.end());
                }
                assertClose("outputs", actual.infer(batch), expected.infer(batch), 0, predictions.length);
            }
        }
    }

    private static Batch batch(NetworkGraph network, SplittableRandom random) {
        Batch batch = new Batch(network.inputShape().batch(ROWS));
        float[] rows = new float[ROWS * network.inputShape().size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble();
        }
        Examples examples = new Examples() {
            @Override
            public int count() {
                return ROWS;
            }

            @Override
            public float target(int row) {
                return row % CLASSES;
            }

            @Override
            public void copyFeatures(int row, float[] target, int offset) {
                int size = network.inputShape().size();
                System.arraycopy(rows, row * size, target, offset, size);
            }
        };
        for (int row = 0; row < ROWS; row++) {
            batch.read(row, examples, row);
        }
        batch.flush();
        return batch;
    }

    private static void assertClose(String what, float[] ours, float[] theirs, int from, int to) {
        double scale = 1e-6;
        double difference = 0;
        for (int i = from; i < to; i++) {
            scale = Math.max(scale, Math.abs(theirs[i]));
            difference = Math.max(difference, Math.abs((double) ours[i] - theirs[i]));
        }
        assertThat(difference / scale).as(what).isLessThan(TOLERANCE);
    }
}
