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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
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
    /** As if the machine had so many cores; the other tests have one. */
    private static final int THREADS = 4;

    /** Relative to the largest value of each array. */
    private static final double TOLERANCE = 1e-3;

    /** Networks of the layers that both know, in sizes that fill blocks of channels and in such that do not. */
    enum Kind {
        DENSE("[20]", """
            {"type": "dense", "units": 17, "activation": "relu"},
            {"type": "dense", "units": 9, "activation": "tanh"}"""),
        LARGE_DENSE("[28, 28, 1]", """
            {"type": "flatten"}, {"type": "dense", "units": 200, "activation": "sigmoid"}"""),
        CONVOLUTIONS("[14, 14, 1]", """
            {"type": "conv2d", "filters": 12, "kernel_size": 3, "padding": "same", "use_bias": false},
            {"type": "batch_normalization", "scale": false}, {"type": "activation", "activation": "relu"},
            {"type": "conv2d", "filters": 24, "kernel_size": 6, "strides": 2, "padding": "same", "activation": "relu"},
            {"type": "flatten"}, {"type": "dense", "units": 20, "use_bias": false},
            {"type": "batch_normalization"}, {"type": "activation", "activation": "relu"}"""),
        COLOURS("[9, 11, 3]", """
            {"type": "conv2d", "filters": 16, "kernel_size": [3, 2], "activation": "elu"},
            {"type": "max_pooling2d"},
            {"type": "conv2d", "filters": 5, "kernel_size": 2, "dilation_rate": 2, "activation": "swish"},
            {"type": "global_average_pooling2d"}"""),
        MANY_CHANNELS("[6, 6, 20]", """
            {"type": "average_pooling2d", "pool_size": 3, "strides": 1, "padding": "same"},
            {"type": "conv2d", "filters": 33, "kernel_size": 1, "use_bias": false},
            {"type": "batch_normalization"},
            {"type": "activation", "activation": "gelu"},
            {"type": "global_max_pooling2d"}"""),
        RESIDUAL("[8, 8, 3]", """
            {"type": "conv2d", "name": "stem", "filters": 10, "kernel_size": 3, "padding": "same"},
            {"type": "conv2d", "filters": 10, "kernel_size": 3, "padding": "same", "activation": "relu"},
            {"type": "conv2d", "name": "body", "filters": 10, "kernel_size": 3, "padding": "same"},
            {"type": "add", "name": "sum", "inputs": ["stem", "body"]},
            {"type": "multiply", "name": "square", "inputs": ["sum", "sum"]},
            {"type": "concatenate", "inputs": ["square", "stem", "square"]},
            {"type": "flatten"}"""),
        FLATTENED_AND_TAKEN("[4, 4, 2]", """
            {"type": "conv2d", "name": "stem", "filters": 6, "kernel_size": 3, "padding": "same"},
            {"type": "flatten", "name": "flat"},
            {"type": "dense", "name": "other", "units": 96, "inputs": ["flat"]},
            {"type": "conv2d", "name": "body", "filters": 6, "kernel_size": 3, "padding": "same", "inputs": ["stem"]},
            {"type": "flatten", "name": "body_flat"},
            {"type": "add", "inputs": ["flat", "other", "body_flat"]}"""),
        FROZEN("[8, 8, 3]", """
            {"type": "conv2d", "name": "f", "filters": 4, "kernel_size": 3},
            {"type": "batch_normalization", "name": "g"}, {"type": "activation", "activation": "relu"},
            {"type": "conv2d", "filters": 4, "kernel_size": 3},
            {"type": "batch_normalization", "name": "h"}, {"type": "activation", "activation": "relu"},
            {"type": "flatten"}"""),
        FILLED_UP("[6, 6, 5]", """
            {"type": "activation", "activation": "tanh"},
            {"type": "conv2d", "filters": 5, "kernel_size": 3, "activation": "sigmoid"},
            {"type": "activation", "activation": "softplus"}, {"type": "activation", "activation": "relu"},
            {"type": "batch_normalization", "center": false}, {"type": "conv2d", "filters": 3, "kernel_size": 2, "use_bias": false},
            {"type": "batch_normalization", "scale": false, "center": false}, {"type": "flatten"}"""),
        FROZEN_WITHIN("[7, 5]", """
            {"type": "conv1d", "filters": 6, "kernel_size": 2},
            {"type": "lstm", "name": "f", "units": 5, "return_sequences": true, "use_bias": false},
            {"type": "gru", "units": 6}, {"type": "dense", "name": "g", "units": 7, "activation": "relu"},
            {"type": "dense", "units": 5}, {"type": "batch_normalization", "name": "h"}"""),
        SEQUENCE("[9, 5]", """
            {"type": "conv1d", "filters": 7, "kernel_size": 3, "padding": "same", "activation": "relu"},
            {"type": "batch_normalization"},
            {"type": "max_pooling1d"},
            {"type": "dense", "units": 6, "activation": "softplus"},
            {"type": "gru", "units": 8, "return_sequences": true},
            {"type": "lstm", "units": 10, "return_sequences": true},
            {"type": "global_average_pooling1d"}"""),
        BY_CHANNEL("[9, 9, 5]", """
            {"type": "separable_conv2d", "filters": 6, "kernel_size": 3, "activation": "relu"},
            {"type": "depthwise_conv2d", "kernel_size": 3, "strides": 2, "padding": "same"},
            {"type": "activation", "activation": "elu"},
            {"type": "layer_normalization"}, {"type": "flatten"}"""),
        BIDIRECTIONAL("[6, 5]", """
            {"type": "bidirectional", "layer": {"type": "lstm", "units": 4, "return_sequences": true}},
            {"type": "layer_normalization", "center": false},
            {"type": "bidirectional", "merge_mode": "mul", "layer": {"type": "gru", "units": 3, "return_sequences": true}},
            {"type": "bidirectional", "merge_mode": "sum", "layer": {"type": "lstm", "units": 5}}"""),
        LSTM("[28, 28]", """
            {"type": "lstm", "units": 128}"""),
        LARGE("[28, 28, 12]", """
            {"type": "conv2d", "filters": 24, "kernel_size": 6, "padding": "same", "activation": "relu"},
            {"type": "global_average_pooling2d"}"""),
        GRU("[5, 7]", """
            {"type": "gru", "units": 9, "return_sequences": true},
            {"type": "gru", "units": 11, "reset_after": false, "go_backwards": true}""");

        private final String inputShape;
        private final String layers;

        Kind(String inputShape, String layers) {
            this.inputShape = inputShape;
            this.layers = layers;
        }

        NetworkGraph network() {
            return NetworkGraph.of(JSON.readValue(
                    """
                    {"input_shape": %s, "layers": [%s, {"type": "dense", "units": %d, "activation": "softmax"}], "freeze": %s}
                    """.formatted(
                            inputShape, layers, CLASSES, name().startsWith("FROZEN") ? "[\"f\", \"g\", \"h\"]" : "[]"),
                    NetworkSpec.class));
        }
    }

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().onednn()).isTrue();
    }

    @AfterAll
    static void givesThreadsBack() {
        NativeOpsHolder.getInstance()
                .getDeviceNativeOps()
                .setOmpNumThreads(Nd4j.getEnvironment().maxThreads());
    }

    @ParameterizedTest
    @EnumSource
    void bothGiveTheSameGradients(Kind kind) {
        NetworkGraph spec = kind.network();
        BatchLoss loss = loss(1, 2, 3);
        try (Network network = Network.training(spec, loss)) {
            network.initialise(1);
            network.graph().initGradientsView();
            SplittableRandom random = new SplittableRandom(2);
            Computation expected = new Computation.Graph(network);
            try (Computation actual = new Computation.Primitives(
                    OneDnnNetwork.of(spec, network, ROWS, THREADS).orElseThrow())) {
                // Whole batches, and what is left of the rows in between.
                for (int rows : new int[] {ROWS, ROWS - 2, ROWS}) {
                    assertSame(network, batch(spec, rows, random), loss, expected, actual);
                }
            }
        }
    }

    @Test
    void severalThreadsGiveTheSameGradientsBitByBit() {
        NetworkGraph spec = Kind.LARGE.network();
        BatchLoss loss = loss(1, 1, 1);
        try (Network network = Network.training(spec, loss)) {
            network.initialise(1);
            network.graph().initGradientsView();
            Batch batch = batch(spec, ROWS, new SplittableRandom(2));
            float[] first = gradients(spec, network, batch, loss);
            assertThat(first).isNotEqualTo(new float[first.length]);
            assertThat(gradients(spec, network, batch, loss)).isEqualTo(first);
        }
    }

    private static float[] gradients(NetworkGraph spec, Network network, Batch batch, BatchLoss loss) {
        try (Computation primitives = primitives(spec, network, ROWS)) {
            assertThat(threads()).isEqualTo(2);
            primitives.gradient(batch, loss, 3);
            return network.graph().getFlattenedGradients().dup().data().asFloat();
        }
    }

    @Test
    void aSmallNetworkTakesOneThreadUntilItIsClosed() {
        NetworkGraph spec = Kind.LSTM.network();
        try (Network network = Network.training(spec, loss(1, 1, 1))) {
            network.graph().initGradientsView();
            try (Computation small = primitives(spec, network, ROWS)) {
                assertThat(small.inferenceRows(1)).isOne();
                assertThat(threads()).isOne();
            }
            assertThat(threads()).isEqualTo(THREADS);
            try (Computation large = primitives(spec, network, 128)) {
                assertThat(large.inferenceRows(1)).isOne();
                assertThat(threads()).isEqualTo(4);
            }
        }
    }

    private static Computation primitives(NetworkGraph spec, Network network, int rows) {
        return new Computation.Primitives(
                OneDnnNetwork.of(spec, network, rows, THREADS).orElseThrow());
    }

    /** That OpenMP has for this one. */
    private static int threads() {
        return NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads();
    }

    private static BatchLoss loss(double... classWeights) {
        return new BatchLoss(
                new Objective(new LossSpec.CategoricalCrossentropy(0.0), Activation.SOFTMAX, CLASSES, CLASSES),
                classWeights);
    }

    private static void assertSame(
            Network network, Batch batch, BatchLoss loss, Computation expected, Computation actual) {
        expected.gradient(batch, loss, 3);
        INDArray gradient = network.graph().getFlattenedGradients();
        float[] theirs = gradient.dup().data().asFloat();
        float[] predictions = loss.predictions();
        gradient.assign(Float.NaN);
        actual.gradient(batch, loss, 3);
        float[] ours = gradient.dup().data().asFloat();
        assertClose("predictions", loss.predictions(), predictions, 0, predictions.length);
        for (PlacedWeight weight : network.weights()) {
            if (!network.isFrozen(weight.node())) {
                String name = weight.node() + "/" + weight.weight().name();
                assertClose(name, ours, theirs, (int) weight.offset(), (int) weight.end());
            }
        }
        assertClose("outputs", actual.infer(batch), expected.infer(batch), 0, predictions.length);
    }

    @Test
    void whatOneDnnDoesNotKnowIsLeftToDl4j() {
        NetworkGraph spec = NetworkGraph.of(JSON.readValue("""
                {"input_shape": [4], "layers": [{"type": "dense", "units": 300, "activation": "selu"},
                    {"type": "dense", "units": 3, "activation": "softmax"}]}""", NetworkSpec.class));
        try (Network network = Network.training(spec, loss(1, 1, 1))) {
            network.graph().initGradientsView();
            assertThat(OneDnnNetwork.of(spec, network, ROWS, THREADS)).isEmpty();
            assertThat(threads()).isEqualTo(THREADS);
            assertThat(Computation.of(spec, network, ROWS)).isInstanceOf(Computation.Graph.class);
        }
    }

    private static Batch batch(NetworkGraph network, int count, SplittableRandom random) {
        Batch batch = new Batch(network.inputShape().batch(count));
        float[] rows = new float[count * network.inputShape().size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble();
        }
        Examples examples = new Examples() {
            @Override
            public int count() {
                return count;
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
        for (int row = 0; row < count; row++) {
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
