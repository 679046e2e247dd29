package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.LearningRateSchedule;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.TrainingSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Dropout, its spatial forms and Gaussian noise do in training what Keras' layers do, anew for each row, batch and
 * epoch, the same for the same seed, and nothing in inference.
 *
 * <p>The networks end in {@code head}, one linear unit without a bias, whose weights are 0 before each batch. The
 * target being ½ and the loss the squared error, its gradient is −1 times its input, and with a learning rate of 1 its
 * weights after one step <em>are</em> its input: what the noise made of the row.
 */
class NoiseTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    private static final String HEAD =
            "{'type': 'dense', 'name': 'head', 'units': 1, 'use_bias': false, 'kernel_initializer': 'zeros'}";

    private static final long SEED = 12;

    @TempDir
    Path folder;

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().threads()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.75})
    void dropoutSetsItsRateOfValuesToZeroAndScalesTheOthers(double rate) {
        float[] seen =
                heads(network("[20000]", dropout(rate)), SEED, ones(20000)).get(0);
        assertKept(seen, rate);
    }

    @Test
    void dropoutOfAPictureDropsSingleValues() {
        int channels = 50;
        float[] seen = heads(network("[10, 20, 50]", dropout(0.4), flatten()), SEED, ones(10000))
                .get(0);
        assertKept(seen, 0.4);
        for (int pixel = 0; pixel < 200; pixel++) {
            assertThat(zeros(Arrays.copyOfRange(seen, pixel * channels, (pixel + 1) * channels)))
                    .isBetween(1, channels - 1);
        }
        for (int channel = 0; channel < channels; channel++) {
            int dropped = 0;
            for (int i = channel; i < seen.length; i += channels) {
                dropped += seen[i] == 0 ? 1 : 0;
            }
            assertThat(dropped).isBetween(1, 199);
        }
    }

    @Test
    void dropoutScalesWhatTheValueWas() {
        float[] row = new float[1000];
        for (int i = 0; i < row.length; i++) {
            row[i] = (i - 500) / 8f;
        }
        float[] seen = heads(network("[1000]", dropout(0.5)), SEED, row).get(0);
        for (int i = 0; i < row.length; i++) {
            assertThat(seen[i]).isIn(0f, -0f, 2 * row[i]);
        }
        assertThat(zeros(seen)).isBetween(400, 600);
    }

    @Test
    void aRateOfZeroChangesNothing() {
        for (String layer : List.of(dropout(0), spatial("2d", 0), "{'type': 'gaussian_noise', 'stddev': 0}")) {
            assertThat(heads(network("[2, 3, 4]", layer, flatten()), SEED, ones(24))
                            .get(0))
                    .containsOnly(1);
        }
    }

    @Test
    void spatialDropout2dDropsWholeChannels() {
        int channels = 4000;
        float[] seen = heads(network("[2, 3, 4000]", spatial("2d", 0.3), flatten()), SEED, ones(6 * channels))
                .get(0);
        assertKept(Arrays.copyOf(seen, channels), 0.3);
        for (int pixel = 1; pixel < 6; pixel++) {
            assertThat(Arrays.copyOfRange(seen, pixel * channels, (pixel + 1) * channels))
                    .containsExactly(Arrays.copyOf(seen, channels));
        }
    }

    @Test
    void spatialDropout1dDropsWholeFeatures() {
        int features = 4000;
        float[] seen = heads(network("[5, 4000]", spatial("1d", 0.3), flatten()), SEED, ones(5 * features))
                .get(0);
        assertKept(Arrays.copyOf(seen, features), 0.3);
        for (int step = 1; step < 5; step++) {
            assertThat(Arrays.copyOfRange(seen, step * features, (step + 1) * features))
                    .containsExactly(Arrays.copyOf(seen, features));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 3})
    void gaussianNoiseHasItsDeviationAndNoMean(double stddev) {
        int size = 20000;
        float[] row = new float[size];
        Arrays.fill(row, 5);
        float[] seen = heads(network("[20000]", "{'type': 'gaussian_noise', 'stddev': " + stddev + "}"), SEED, row)
                .get(0);
        double mean = 0;
        for (float value : seen) {
            mean += value / size;
        }
        double second = 0;
        double fourth = 0;
        for (float value : seen) {
            double square = Math.pow(value - mean, 2);
            second += square / size;
            fourth += square * square / size;
        }
        assertThat(mean).isCloseTo(5, Offset.offset(5 * stddev / Math.sqrt(size)));
        assertThat(Math.sqrt(second)).isCloseTo(stddev, Offset.offset(5 * stddev / Math.sqrt(2.0 * size)));
        assertThat(fourth / second / second).as("kurtosis").isCloseTo(3, Offset.offset(0.2));
    }

    @Test
    void gradientFlowsThroughWhatDropoutKeptOnly() {
        // body gives 1 for each unit; head's weights of ¼ turn its gradient into what reaches the body.
        assertGradientFollows("[1]", 500, body(500), dropout(0.4));
    }

    @Test
    void gradientFlowsThroughTheChannelsThatSpatialDropoutKeptOnly() {
        // With one pixel and one step the head's weights are the channels'.
        assertGradientFollows("[1, 1, 1]", 500, body(500), spatial("2d", 0.4), flatten());
        assertGradientFollows("[1, 1]", 500, body(500), spatial("1d", 0.4), flatten());
    }

    private static void assertGradientFollows(String shape, int units, String... layers) {
        try (Training training = new Training(network(shape, layers), SEED, 1, ones(1))) {
            training.set("head", 0.25f);
            training.fit(() -> {});
            float[] head = minus(training.weights("head"), 0.25f);
            float[] body = minus(training.weights("body"), 1);
            assertThat(zeros(head)).isBetween(units / 4, units / 2);
            float step = greatest(head);
            assertThat(step).isGreaterThan(0.1f);
            for (int i = 0; i < units; i++) {
                // A kept unit gave 1/0.6 to the head, and gets ¼ of 1/0.6 of its gradient.
                assertThat(body[i]).as("unit %d", i).isCloseTo(head[i] / 4, Offset.offset(step * 1e-4f));
            }
        }
    }

    @Test
    void gradientIsNotTouchedByGaussianNoise() {
        try (Training training =
                new Training(network("[1]", body(500), "{'type': 'gaussian_noise', 'stddev': 2}"), SEED, 1, ones(1))) {
            training.set("head", 0.01f);
            training.fit(() -> {});
            float[] body = minus(training.weights("body"), 1);
            float step = body[0];
            assertThat(Math.abs(step)).isGreaterThan(1e-5f);
            assertThat(body).containsOnly(new float[] {step}, Offset.offset(1e-6f));
        }
    }

    @Test
    void noiseOnOneBranchLeavesTheOthersAsTheyAre() {
        String add = "{'type': 'add', 'inputs': ['noise', 'body']}";
        for (String noise : List.of(
                "{'type': 'dropout', 'name': 'noise', 'inputs': ['body'], 'rate': 0.5}",
                "{'type': 'reshape', 'name': 'a', 'inputs': ['body'], 'target_shape': [20, 25]},"
                        + "{'type': 'dropout', 'name': 'b', 'rate': 0.5},"
                        + "{'type': 'reshape', 'name': 'noise', 'target_shape': [500]}")) {
            float[] seen =
                    heads(network("[1]", body(500), noise, add), SEED, ones(1)).get(0);
            assertThat(zeros(minus(seen, 1))).isBetween(200, 300);
            assertThat(zeros(minus(seen, 3))).isBetween(200, 300);
            assertThat(zeros(minus(seen, 1)) + zeros(minus(seen, 3))).isEqualTo(500);
        }
    }

    @Test
    void spatialDropoutOnOneBranchLeavesTheOthersAsTheyAre() {
        String add = "{'type': 'add', 'inputs': ['noise', 'body']}";
        for (String form : List.of("1d", "2d")) {
            String noise = "{'type': 'spatial_dropout" + form + "', 'name': 'noise', 'inputs': ['body'], 'rate': 0.5}";
            String shape = form.equals("1d") ? "[1, 1]" : "[1, 1, 1]";
            float[] seen = heads(network(shape, body(500), noise, add, flatten()), SEED, ones(1))
                    .get(0);
            assertThat(zeros(minus(seen, 1))).isBetween(200, 300);
            assertThat(zeros(minus(seen, 1)) + zeros(minus(seen, 3))).isEqualTo(500);
        }
    }

    @Test
    void gaussianNoiseOnOneBranchLeavesTheOthersAsTheyAre() {
        // Twice the body and the noise once: were the noise in both, its deviation would be 1.
        float[] seen = heads(
                        network(
                                "[1]",
                                body(2000),
                                "{'type': 'gaussian_noise', 'name': 'noise', 'inputs': ['body'], 'stddev': 0.5}",
                                "{'type': 'add', 'inputs': ['noise', 'body']}"),
                        SEED,
                        ones(1))
                .get(0);
        double second = 0;
        for (float value : seen) {
            second += Math.pow(value - 2, 2) / seen.length;
        }
        assertThat(Math.sqrt(second)).isCloseTo(0.5, Offset.offset(0.05));
    }

    @Test
    void noiseOnTheInputLeavesTheInputAsItIs() {
        for (String noise : List.of(
                "{'type': 'dropout', 'name': 'noise', 'rate': 0.5}",
                "{'type': 'reshape', 'target_shape': [25, 20]}, {'type': 'dropout', 'rate': 0.5},"
                        + "{'type': 'flatten', 'name': 'noise'}",
                "{'type': 'reshape', 'target_shape': [25, 20]}, {'type': 'spatial_dropout1d', 'rate': 0.5},"
                        + "{'type': 'flatten', 'name': 'noise'}")) {
            float[] seen = heads(
                            network("[500]", noise, "{'type': 'add', 'inputs': ['noise', 'input']}"), SEED, ones(500))
                    .get(0);
            assertThat(zeros(minus(seen, 1)) + zeros(minus(seen, 3))).isEqualTo(500);
            assertThat(zeros(minus(seen, 1))).isBetween(100, 400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropout", "spatial_dropout1d", "gaussian_noise"})
    void rowsOfABatchAreChangedEachInItsOwnWay(String type) {
        // Row r is 0 but for step r, so that the head's weights of that step are its alone.
        int rows = 4;
        int features = 200;
        float[][] given = new float[rows][rows * features];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(given[row], row * features, (row + 1) * features, 1);
        }
        String layer = type.equals("gaussian_noise")
                ? "{'type': 'gaussian_noise', 'stddev': 0.5}"
                : "{'type': '" + type + "', 'rate': 0.5}";
        float[] seen = headsOfOneBatch(network("[4, 200]", layer, flatten()), given);
        Set<List<Float>> patterns = new HashSet<>();
        for (int row = 0; row < rows; row++) {
            patterns.add(list(Arrays.copyOfRange(seen, row * features, (row + 1) * features)));
        }
        assertThat(patterns).hasSize(rows);
    }

    @Test
    void spatialDropout2dDropsOtherChannelsInEachRowOfABatch() {
        int rows = 4;
        int channels = 200;
        float[][] given = new float[rows][rows * channels];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(given[row], row * channels, (row + 1) * channels, 1);
        }
        float[] seen = headsOfOneBatch(network("[2, 2, 200]", spatial("2d", 0.5), flatten()), given);
        Set<List<Float>> patterns = new HashSet<>();
        for (int row = 0; row < rows; row++) {
            float[] own = Arrays.copyOfRange(seen, row * channels, (row + 1) * channels);
            // The mean over four rows of which one is not 0.
            for (float value : own) {
                assertThat(value).isIn(0f, 0.5f);
            }
            assertThat(zeros(own)).isBetween(60, 140);
            patterns.add(list(own));
        }
        assertThat(patterns).hasSize(rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropout", "spatial_dropout2d", "gaussian_noise"})
    void noiseIsAnotherForEachBatchAndEpochAndTheSameForTheSameSeed(String type) {
        String layer = type.equals("gaussian_noise")
                ? "{'type': 'gaussian_noise', 'stddev': 0.5}"
                : "{'type': '" + type + "', 'rate': 0.5}";
        NetworkGraph network = network("[1, 1, 100]", layer, flatten());
        float[][] rows = ones(100, 100, 100);
        List<float[]> once = heads(network, SEED, rows);
        assertThat(once).hasSize(2 * rows.length);
        assertThat(distinct(once)).hasSize(2 * rows.length);
        assertThat(distinct(heads(network, SEED, rows))).containsExactlyElementsOf(distinct(once));
        assertThat(distinct(heads(network, SEED + 1, rows))).doesNotContainAnyElementsOf(distinct(once));
    }

    @Test
    void noiseOfABatchIsTheSameWhateverWasDrawnBefore() {
        NetworkGraph network = network("[100]", dropout(0.5), "{'type': 'gaussian_noise', 'stddev': 0.5}");
        List<List<Float>> undisturbed = distinct(heads(network, SEED, ones(100, 100)));
        List<float[]> seen = new ArrayList<>();
        try (Training training = new Training(network, SEED, 1, ones(100, 100))) {
            for (int epoch = 0; epoch < 2; epoch++) {
                Nd4j.getRandom().setSeed(99);
                training.set("head", 0);
                training.fit(() -> {
                    seen.add(training.weights("head"));
                    training.set("head", 0);
                    Nd4j.rand(7);
                });
            }
        }
        assertThat(distinct(seen)).containsExactlyElementsOf(undisturbed);
    }

    @Test
    void twoNoisyLayersDoNotDropAlike() {
        // Were their masks the same, a half would be left; each on its own leaves a quarter.
        float[] seen = heads(network("[20000]", dropout(0.5), dropout(0.5)), SEED, ones(20000))
                .get(0);
        assertKept(seen, 0.75);
    }

    @Test
    void nothingHappensInInference() throws IOException {
        NetworkGraph network = network(
                "[4, 5, 6]",
                dropout(0.5),
                spatial("2d", 0.5),
                "{'type': 'gaussian_noise', 'stddev': 3}",
                "{'type': 'reshape', 'target_shape': [20, 6]}",
                spatial("1d", 0.5),
                flatten());
        float[] row = new float[120];
        for (int i = 0; i < row.length; i++) {
            row[i] = (i - 50) / 16f;
        }
        double expected = 0;
        for (float value : row) {
            expected += 0.25 * value;
        }
        try (Training training = new Training(network, SEED, 1, row)) {
            training.set("head", 0.25f);
            double loss = Math.pow(expected - 0.5, 2);
            assertThat(training.session
                            .evaluate(training.rows, BatchObserver.NONE)
                            .loss())
                    .isCloseTo(loss, Offset.offset(1e-4 * loss));
            // In training the loss is quite another.
            assertThat(training.fit(() -> {}).loss()).isNotCloseTo(loss, Offset.offset(0.05 * loss));
            training.set("head", 0.25f);
            assertThat(training.session
                            .evaluate(training.rows, BatchObserver.NONE)
                            .loss())
                    .isCloseTo(loss, Offset.offset(1e-4 * loss));

            Path artifact = folder.resolve("model.zip");
            try (OutputStream out = Files.newOutputStream(artifact)) {
                training.session.save(out);
            }
            try (InferenceNetwork inference = InferenceNetwork.load(artifact, network.inputShape(), 1)) {
                for (int time = 0; time < 2; time++) {
                    assertThat((double) inference.predict(row, 1)[0]).isCloseTo(expected, Offset.offset(1e-3));
                }
            }
        }
    }

    private static String dropout(double rate) {
        return "{'type': 'dropout', 'rate': " + rate + "}";
    }

    private static String spatial(String form, double rate) {
        return "{'type': 'spatial_dropout" + form + "', 'rate': " + rate + "}";
    }

    private static String flatten() {
        return "{'type': 'flatten'}";
    }

    /** Gives each of its units what its only input is. */
    private static String body(int units) {
        return "{'type': 'dense', 'name': 'body', 'units': " + units
                + ", 'use_bias': false, 'kernel_initializer': 'ones'}";
    }

    /** With the head behind the layers, each in JSON. */
    private static NetworkGraph network(String shape, String... layers) {
        String json = "{'input_shape': " + shape + ", 'layers': [" + String.join(", ", layers) + ", " + HEAD + "]}";
        return NetworkGraph.of(JSON.readValue(json.replace('\'', '"'), NetworkSpec.class));
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[][] ones(int... sizes) {
        return Arrays.stream(sizes).mapToObj(NoiseTest::ones).toArray(float[][]::new);
    }

    /** What the head was given of each row, one a batch, over two epochs. */
    private static List<float[]> heads(NetworkGraph network, long seed, float[]... rows) {
        List<float[]> seen = new ArrayList<>();
        try (Training training = new Training(network, seed, 1, rows)) {
            for (int epoch = 0; epoch < 2; epoch++) {
                training.set("head", 0);
                training.fit(() -> {
                    seen.add(training.weights("head"));
                    training.set("head", 0);
                });
            }
        }
        return seen;
    }

    /** The mean over the rows of what the head was given. */
    private static float[] headsOfOneBatch(NetworkGraph network, float[]... rows) {
        try (Training training = new Training(network, SEED, rows.length, rows)) {
            training.set("head", 0);
            training.fit(() -> {});
            return training.weights("head");
        }
    }

    private static void assertKept(float[] seen, double rate) {
        float kept = (float) (1 / (1 - rate));
        int zeros = 0;
        for (float value : seen) {
            if (value == 0) {
                zeros++;
            } else {
                assertThat(value).isCloseTo(kept, Offset.offset(1e-5f));
            }
        }
        double error = Math.sqrt(rate * (1 - rate) / seen.length);
        assertThat((double) zeros / seen.length).as("share of zeros").isCloseTo(rate, Offset.offset(5 * error));
    }

    private static int zeros(float[] values) {
        int zeros = 0;
        for (float value : values) {
            zeros += Math.abs(value) < 1e-6f ? 1 : 0;
        }
        return zeros;
    }

    private static float greatest(float[] values) {
        float greatest = 0;
        for (float value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }

    private static float[] minus(float[] values, float taken) {
        float[] less = values.clone();
        for (int i = 0; i < less.length; i++) {
            less[i] -= taken;
        }
        return less;
    }

    private static List<List<Float>> distinct(List<float[]> all) {
        return all.stream().map(NoiseTest::list).distinct().toList();
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    /** One network in training, with a learning rate of 1. */
    private static final class Training implements AutoCloseable {

        private final Rows rows;
        private final TrainingSession session;

        Training(NetworkGraph network, long seed, int batchSize, float[]... rows) {
            this.rows = new Rows(rows);
            this.session = new TrainingSession(
                    network,
                    new TrainingSpec(
                            2,
                            batchSize,
                            seed,
                            false,
                            null,
                            new LossSpec.MeanSquaredError(),
                            List.of(),
                            new OptimizerSpec.Sgd(1.0, 0.0, false, null, null, null),
                            new LearningRateSchedule.Constant(),
                            null,
                            Map.of(),
                            null),
                    List.of());
        }

        EpochResult fit(Runnable afterBatch) {
            EpochResult result = session.fitEpoch(rows, position -> 1, (iteration, iterations) -> afterBatch.run());
            session.endEpoch();
            return result;
        }

        float[] weights(String node) {
            return weight(node).get();
        }

        void set(String node, float value) {
            float[] values = weights(node);
            Arrays.fill(values, value);
            weight(node).set(values);
        }

        private PlacedWeight weight(String node) {
            return session.weights().stream()
                    .filter(weight -> weight.node().equals(node))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private record Rows(float[][] rows) implements Examples {

        @Override
        public int count() {
            return rows.length;
        }

        @Override
        public float target(int row) {
            return 0.5f;
        }

        @Override
        public void copyFeatures(int row, float[] target, int offset) {
            System.arraycopy(rows[row], 0, target, offset, rows[row].length);
        }
    }
}
