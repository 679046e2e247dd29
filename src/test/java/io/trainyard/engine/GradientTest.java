package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.network.Activation;
import io.trainyard.network.LayerSpec;
import io.trainyard.network.LearningRateSchedule;
import io.trainyard.network.Loss;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.Padding;
import io.trainyard.network.Shape;
import io.trainyard.network.Size2d;
import io.trainyard.network.TrainingSpec;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The gradients that training follows are those of the loss, with oneDNN, channels last and cached pre-activations. */
class GradientTest {

    private static final Size2d THREE = new Size2d(3, 3);
    private static final Size2d TWO = new Size2d(2, 2);
    private static final Size2d ONE = new Size2d(1, 1);

    private static final double RATE = 0.05;

    @SuppressWarnings("NullAway.Init")
    private static INDArray labels;

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().onednn()).isTrue();
        labels = Nd4j.create(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0}, new long[] {4, 3}, 'c');
    }

    static Stream<Arguments> networks() {
        LayerSpec flatten = new LayerSpec.Flatten(null);
        LayerSpec softmax = new LayerSpec.Dense(null, 3, Activation.SOFTMAX, true);
        LayerSpec tanh = new LayerSpec.ActivationLayer(null, Activation.TANH);
        return Stream.of(
                Arguments.of("dense", List.of(flatten, new LayerSpec.Dense(null, 5, Activation.TANH, true), softmax)),
                Arguments.of("conv with its activation", List.of(conv(Activation.TANH, ONE), flatten, softmax)),
                Arguments.of("conv with relu", List.of(conv(Activation.RELU, ONE), flatten, softmax)),
                Arguments.of(
                        "two convs with activations",
                        List.of(conv(Activation.TANH, ONE), conv(Activation.TANH, ONE), flatten, softmax)),
                Arguments.of(
                        "conv and activation apart", List.of(conv(Activation.LINEAR, ONE), tanh, flatten, softmax)),
                Arguments.of("strided conv", List.of(conv(Activation.LINEAR, TWO), tanh, flatten, softmax)),
                Arguments.of(
                        "conv, batch norm",
                        List.of(
                                conv(Activation.LINEAR, ONE),
                                new LayerSpec.BatchNormalization(null, 0.99, 1e-3, true, true),
                                tanh,
                                flatten,
                                softmax)),
                Arguments.of(
                        "conv, max pooling",
                        List.of(
                                conv(Activation.TANH, ONE),
                                new LayerSpec.MaxPooling2d(null, TWO, TWO, Padding.VALID),
                                flatten,
                                softmax)),
                Arguments.of(
                        "conv, average pooling",
                        List.of(
                                conv(Activation.TANH, ONE),
                                new LayerSpec.AveragePooling2d(null, TWO, TWO, Padding.SAME),
                                flatten,
                                softmax)),
                Arguments.of(
                        "global average pooling",
                        List.of(conv(Activation.TANH, ONE), new LayerSpec.GlobalAveragePooling2d(null), softmax)));
    }

    private static LayerSpec conv(Activation activation, Size2d strides) {
        return new LayerSpec.Conv2d(null, 4, THREE, strides, Padding.SAME, activation, true);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void gradientIsThatOfTheLoss(String name, List<LayerSpec> layers) {
        TrainingSpec training = new TrainingSpec(
                1,
                4,
                3L,
                true,
                Loss.CATEGORICAL_CROSSENTROPY,
                new OptimizerSpec.Sgd(RATE, 0.0, false),
                new LearningRateSchedule.Constant(),
                null);
        MultiLayerNetwork network =
                new MultiLayerNetwork(NetworkBuilder.training(new NetworkSpec(Shape.of(6, 6, 1), layers), training));
        network.init();
        GlorotUniform.initialise(network, 3);
        // What an iteration leaves behind must not leak into the next.
        for (int i = 0; i < 3; i++) {
            network.fit(pixels(10 + i), labels);
        }
        INDArray x = pixels(5);
        INDArray parameters = network.params();
        INDArray before = parameters.dup();
        network.fit(x, labels);
        float[] analytic = before.sub(parameters).div(RATE).data().asFloat();
        parameters.assign(before);

        double dot = 0;
        double lengths = 0;
        double numericLengths = 0;
        float step = 1e-3f;
        for (int i = 0; i < analytic.length; i++) {
            parameters.putScalar(i, before.getFloat(i) + step);
            double up = network.score(new DataSet(x, labels), true);
            parameters.putScalar(i, before.getFloat(i) - step);
            double down = network.score(new DataSet(x, labels), true);
            parameters.putScalar(i, before.getFloat(i));
            // Batch norm's moving averages have an update, but no gradient.
            double numeric = (up - down) / (2 * step);
            if (numeric == 0) {
                continue;
            }
            dot += numeric * analytic[i];
            lengths += (double) analytic[i] * analytic[i];
            numericLengths += numeric * numeric;
        }
        assertThat(dot / Math.sqrt(lengths * numericLengths)).isGreaterThan(0.999);
        assertThat(Math.sqrt(lengths / numericLengths)).isBetween(0.98, 1.02);
    }

    private static INDArray pixels(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[4 * 36];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextDouble();
        }
        return Nd4j.create(pixels, new long[] {4, 6, 6, 1}, 'c');
    }
}
