package io.trainyard.network.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.network.layer.Initializer.Distribution;
import io.trainyard.network.layer.Initializer.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** First values are drawn from the distributions of Keras' initialisers, with Keras' fans, and are the seed's alone. */
class InitializerTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    private static final long SEED = 20240229;

    /** Of recurrent layers: seven steps of five features. */
    private static final Shape INPUT = Shape.of(7, 5);

    /** [in, out]: 300 connections into a unit, 200 out of it. */
    private static final List<Integer> DENSE = List.of(300, 200);
    /** [height, width, in, out]: 5 · 4 · 20 = 400 into a unit, 5 · 4 · 150 = 3000 out of it. */
    private static final List<Integer> CONV = List.of(5, 4, 20, 150);
    /** [units]: as many in as out. */
    private static final List<Integer> BIAS = List.of(60_000);

    /** What a normal distribution has left of its standard deviation, cut at two of them. */
    private static final double TRUNCATED = 0.8796256610342398;
    /** The fourth moment over the square of the second; of a uniform, a truncated and a normal distribution. */
    private static final double FLAT = 1.8;

    private static final double CUT = 2.3655;
    private static final double NORMAL = 3;

    static Stream<Arguments> uniforms() {
        return Stream.of(
                Arguments.of(new Initializer.GlorotUniform(), DENSE, Math.sqrt(6.0 / 500)),
                Arguments.of(new Initializer.GlorotUniform(), CONV, Math.sqrt(6.0 / 3400)),
                Arguments.of(new Initializer.GlorotUniform(), BIAS, Math.sqrt(6.0 / 120_000)),
                Arguments.of(new Initializer.HeUniform(), DENSE, Math.sqrt(6.0 / 300)),
                Arguments.of(new Initializer.HeUniform(), CONV, Math.sqrt(6.0 / 400)),
                Arguments.of(new Initializer.HeUniform(), BIAS, Math.sqrt(6.0 / 60_000)),
                Arguments.of(new Initializer.LecunUniform(), DENSE, Math.sqrt(3.0 / 300)),
                Arguments.of(new Initializer.LecunUniform(), CONV, Math.sqrt(3.0 / 400)),
                Arguments.of(new Initializer.LecunUniform(), BIAS, Math.sqrt(3.0 / 60_000)),
                Arguments.of(scaling(0.7, Mode.FAN_IN, Distribution.UNIFORM), CONV, Math.sqrt(3 * 0.7 / 400)),
                Arguments.of(scaling(0.7, Mode.FAN_OUT, Distribution.UNIFORM), CONV, Math.sqrt(3 * 0.7 / 3000)),
                Arguments.of(scaling(0.7, Mode.FAN_OUT, Distribution.UNIFORM), DENSE, Math.sqrt(3 * 0.7 / 200)),
                Arguments.of(scaling(0.7, Mode.FAN_AVG, Distribution.UNIFORM), CONV, Math.sqrt(3 * 0.7 / 1700)),
                Arguments.of(new Initializer.RandomUniform(-0.3, 0.3), DENSE, 0.3));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("uniforms")
    void uniformsFillTheirRangeEvenly(Initializer initializer, List<Integer> shape, double limit) {
        float[] values = sample(initializer, shape);
        assertThat(largest(values)).isBetween(0.999 * limit, limit * (1 + 1e-6));
        assertMoments(values, 0, limit * limit / 3, FLAT);
    }

    static Stream<Arguments> truncatedNormals() {
        return Stream.of(
                Arguments.of(new Initializer.GlorotNormal(), DENSE, 2.0 / 500),
                Arguments.of(new Initializer.GlorotNormal(), CONV, 2.0 / 3400),
                Arguments.of(new Initializer.GlorotNormal(), BIAS, 2.0 / 120_000),
                Arguments.of(new Initializer.HeNormal(), DENSE, 2.0 / 300),
                Arguments.of(new Initializer.HeNormal(), CONV, 2.0 / 400),
                Arguments.of(new Initializer.HeNormal(), BIAS, 2.0 / 60_000),
                Arguments.of(new Initializer.LecunNormal(), DENSE, 1.0 / 300),
                Arguments.of(new Initializer.LecunNormal(), CONV, 1.0 / 400),
                Arguments.of(new Initializer.LecunNormal(), BIAS, 1.0 / 60_000),
                Arguments.of(scaling(0.7, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL), CONV, 0.7 / 400),
                Arguments.of(scaling(0.7, Mode.FAN_OUT, Distribution.TRUNCATED_NORMAL), CONV, 0.7 / 3000),
                Arguments.of(scaling(0.7, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL), CONV, 0.7 / 1700),
                // Its stddev is that before the cut.
                Arguments.of(new Initializer.TruncatedNormal(0.0, 0.1), DENSE, Math.pow(0.1 * TRUNCATED, 2)));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("truncatedNormals")
    void truncatedNormalsHaveTheirVarianceAndNothingBeyondTwoDeviations(
            Initializer initializer, List<Integer> shape, double variance) {
        float[] values = sample(initializer, shape);
        double limit = 2 * Math.sqrt(variance) / TRUNCATED;
        assertThat(largest(values)).isBetween(0.99 * limit, limit * (1 + 1e-6));
        assertMoments(values, 0, variance, CUT);
    }

    static Stream<Arguments> normals() {
        return Stream.of(
                Arguments.of(new Initializer.RandomNormal(0.0, 0.2), DENSE, 0.04),
                Arguments.of(scaling(0.7, Mode.FAN_IN, Distribution.UNTRUNCATED_NORMAL), CONV, 0.7 / 400),
                Arguments.of(scaling(0.7, Mode.FAN_OUT, Distribution.UNTRUNCATED_NORMAL), CONV, 0.7 / 3000),
                Arguments.of(scaling(0.7, Mode.FAN_AVG, Distribution.UNTRUNCATED_NORMAL), DENSE, 0.7 / 250));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("normals")
    void normalsAreNotCut(Initializer initializer, List<Integer> shape, double variance) {
        float[] values = sample(initializer, shape);
        assertThat(largest(values)).isGreaterThan(3.5 * Math.sqrt(variance));
        assertMoments(values, 0, variance, NORMAL);
    }

    @Test
    void meansAreThoseAskedFor() {
        assertMoments(sample(new Initializer.RandomNormal(3.0, 0.5), DENSE), 3, 0.25, NORMAL);
        assertMoments(sample(new Initializer.TruncatedNormal(-2.0, 0.5), DENSE), -2, Math.pow(0.5 * TRUNCATED, 2), CUT);
        assertMoments(sample(new Initializer.RandomUniform(1.0, 3.0), DENSE), 2, 1.0 / 3, FLAT);
    }

    @Test
    void defaultsAreKeras() {
        assertThat(named("random_normal")).isEqualTo(new Initializer.RandomNormal(0.0, 0.05));
        assertThat(named("truncated_normal")).isEqualTo(new Initializer.TruncatedNormal(0.0, 0.05));
        assertThat(named("random_uniform")).isEqualTo(new Initializer.RandomUniform(-0.05, 0.05));
        assertThat(named("orthogonal")).isEqualTo(new Initializer.Orthogonal(1.0));
        assertThat(named("constant")).isEqualTo(new Initializer.Constant(0.0));
        assertThat(named("variance_scaling")).isEqualTo(scaling(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL));
    }

    @Test
    void constantsAreConstant() {
        assertThat(sample(new Initializer.Zeros(), List.of(3, 4)))
                .containsOnly(0f)
                .hasSize(12);
        assertThat(sample(new Initializer.Ones(), List.of(2, 3, 4)))
                .containsOnly(1f)
                .hasSize(24);
        assertThat(sample(new Initializer.Constant(-2.5), List.of(7)))
                .containsOnly(-2.5f)
                .hasSize(7);
    }

    @Test
    void orthogonalOfATallMatrixHasOrthogonalColumns() {
        assertOrthogonal(List.of(60, 20), 1, 60, 20);
        assertOrthogonal(List.of(33, 33), 1, 33, 33);
    }

    @Test
    void orthogonalOfAWideMatrixHasOrthogonalRows() {
        assertOrthogonal(List.of(20, 80), 1, 20, 80);
    }

    @Test
    void orthogonalIsScaledByItsGain() {
        assertOrthogonal(List.of(40, 25), 1.7, 40, 25);
        assertOrthogonal(List.of(25, 40), 0.3, 25, 40);
    }

    @Test
    void orthogonalOfAConvolutionIsThatOfItsFlatForm() {
        assertOrthogonal(List.of(3, 3, 4, 16), 1.5, 36, 16);
        assertOrthogonal(List.of(3, 3, 2, 50), 1.5, 18, 50);
        assertOrthogonal(List.of(5, 4, 8), 1, 20, 8);
    }

    @Test
    void orthogonalPrefersNoSign() {
        double sum = 0;
        for (int seed = 0; seed < 400; seed++) {
            float[] values = new Initializer.Orthogonal(2.0).sample(List.of(1, 1), new SplittableRandom(seed));
            assertThat(Math.abs(values[0])).isCloseTo(2, Offset.offset(1e-6f));
            sum += Math.signum(values[0]);
        }
        // Four standard deviations of 400 throws of a coin.
        assertThat(Math.abs(sum)).isLessThan(80);
    }

    static Stream<Initializer> randomOnes() {
        return Stream.of(
                new Initializer.GlorotNormal(),
                new Initializer.GlorotUniform(),
                new Initializer.HeNormal(),
                new Initializer.HeUniform(),
                new Initializer.LecunNormal(),
                new Initializer.LecunUniform(),
                new Initializer.Orthogonal(1.0),
                new Initializer.RandomNormal(0.0, 1.0),
                new Initializer.RandomUniform(-1.0, 1.0),
                new Initializer.TruncatedNormal(0.0, 1.0),
                scaling(1, Mode.FAN_IN, Distribution.UNTRUNCATED_NORMAL));
    }

    @ParameterizedTest
    @MethodSource("randomOnes")
    void sameSeedGivesTheSameValuesAndAnotherSeedOthers(Initializer initializer) {
        List<Integer> shape = List.of(6, 5);
        float[] values = initializer.sample(shape, new SplittableRandom(SEED));
        assertThat(values).hasSize(30);
        assertThat(initializer.sample(shape, new SplittableRandom(SEED))).containsExactly(values);
        assertThat(initializer.sample(shape, new SplittableRandom(SEED + 1))).isNotEqualTo(values);
    }

    @Test
    void forgetGatesBiasStartsAtOneAndTheOthersAtZero() {
        assertThat(bias("{'type': 'lstm', 'units': 3}")).containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void forgetGatesBiasIsAsTheOthersWhereThatIsAskedFor() {
        assertThat(bias("{'type': 'lstm', 'units': 3, 'unit_forget_bias': false, 'bias_initializer': 'ones'}"))
                .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(bias("{'type': 'lstm', 'units': 3, 'unit_forget_bias': false}"))
                .containsOnly(0)
                .hasSize(12);
    }

    @Test
    void otherGatesBiasesComeFromTheBiasInitializer() {
        assertThat(bias("{'type': 'lstm', 'units': 3, 'bias_initializer': {'type': 'constant', 'value': 3}}"))
                .containsExactly(3, 3, 3, 1, 1, 1, 3, 3, 3, 3, 3, 3);
    }

    /** Keras' LSTMCell.build draws the input gate's from (units,) and the last two gates' from (units * 2,). */
    @Test
    void otherGatesBiasesHaveTheFansOfKeras() {
        int units = 2000;
        float[] bias = bias("{'type': 'lstm', 'units': 2000, 'bias_initializer': 'lecun_uniform'}");
        assertThat(largest(Arrays.copyOfRange(bias, 0, units)))
                .isCloseTo(Math.sqrt(3.0 / units), Percentage.withPercentage(1));
        assertThat(Arrays.copyOfRange(bias, units, 2 * units)).containsOnly(1);
        assertThat(largest(Arrays.copyOfRange(bias, 2 * units, 4 * units)))
                .isCloseTo(Math.sqrt(3.0 / (2 * units)), Percentage.withPercentage(1));
    }

    @Test
    void recurrentKernelsAreOrthogonalAsAWhole() {
        Weight recurrent = lstm("{'type': 'lstm', 'units': 3}").weights(INPUT).get(1);
        assertThat(recurrent.name()).isEqualTo("recurrent_kernel");
        assertThat(recurrent.shape()).containsExactly(3, 12);
        assertThat(recurrent.initializer()).isEqualTo(new Initializer.Orthogonal(1.0));
    }

    private static float[] bias(String json) {
        Lstm lstm = lstm(json);
        Weight bias = lstm.weights(INPUT).stream()
                .filter(weight -> weight.name().equals("bias"))
                .findFirst()
                .orElseThrow();
        assertThat(bias.shape()).containsExactly(4 * lstm.units());
        return bias.initializer().sample(bias.shape(), new SplittableRandom(SEED));
    }

    private static Lstm lstm(String json) {
        return (Lstm) JSON.readValue(json.replace('\'', '"'), LayerSpec.class);
    }

    private static Initializer named(String type) {
        return JSON.readValue("{\"type\": \"" + type + "\"}", Initializer.class);
    }

    private static Initializer scaling(double scale, Mode mode, Distribution distribution) {
        return new Initializer.VarianceScaling(scale, mode, distribution);
    }

    private static float[] sample(Initializer initializer, List<Integer> shape) {
        float[] values = initializer.sample(shape, new SplittableRandom(SEED));
        assertThat(values).hasSize(shape.stream().reduce(1, (a, b) -> a * b));
        return values;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Within five standard errors, for the size of sample that is used here. */
    private static void assertMoments(float[] values, double mean, double variance, double kurtosis) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        double found = sum / values.length;
        double second = 0;
        double fourth = 0;
        for (float value : values) {
            double square = (value - mean) * (value - mean);
            second += square / values.length;
            fourth += square * square / values.length;
        }
        double root = Math.sqrt(values.length);
        assertThat(found).as("mean").isCloseTo(mean, Offset.offset(5 * Math.sqrt(variance) / root));
        assertThat(second)
                .as("variance")
                .isCloseTo(variance, Offset.offset(5 * variance * Math.sqrt(kurtosis - 1) / root));
        assertThat(fourth / second / second).as("kurtosis").isCloseTo(kurtosis, Offset.offset(0.15));
    }

    /** The rows or the columns, whichever are fewer, have the length {@code gain} and stand upright on each other. */
    private static void assertOrthogonal(List<Integer> shape, double gain, int rows, int columns) {
        float[] values = sample(new Initializer.Orthogonal(gain), shape);
        boolean tall = rows >= columns;
        int count = Math.min(rows, columns);
        int length = Math.max(rows, columns);
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                double product = 0;
                for (int i = 0; i < length; i++) {
                    product += tall
                            ? values[i * columns + a] * (double) values[i * columns + b]
                            : values[a * columns + i] * (double) values[b * columns + i];
                }
                assertThat(product)
                        .as("product of %d and %d", a, b)
                        .isCloseTo(a == b ? gain * gain : 0, Offset.offset(1e-5));
            }
        }
    }
}
