package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.Augmentation;
import io.trainyard.network.EarlyStopping;
import io.trainyard.network.LearningRateSchedule;
import io.trainyard.network.LossSpec;
import io.trainyard.network.MetricSpec;
import io.trainyard.network.Monitor;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.TrainingSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same spec, seed and rows give the same artifact, byte by byte; weights that are kept, adopted or frozen are
 * exactly those.
 */
class DeterminismTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    private static final Augmentation AUGMENTATION =
            new Augmentation(20.0, 0.1, 0.1, 0.1, true, false, Augmentation.FillMode.NEAREST);

    /** Networks that have, together, all that is random or trained in a way of its own. */
    enum Kind {
        PICTURE("[8, 8, 2]", """
            {"type": "conv2d", "name": "first", "filters": 5, "kernel_size": 3, "use_bias": false},
            {"type": "batch_normalization", "name": "norm"},
            {"type": "activation", "activation": "relu"},
            {"type": "spatial_dropout2d", "rate": 0.3},
            {"type": "max_pooling2d"},
            {"type": "flatten"},
            {"type": "dense", "name": "hidden", "units": 12, "activation": "tanh"},
            {"type": "dropout", "rate": 0.4},
            """),
        SEPARABLE("[8, 8, 2]", """
            {"type": "separable_conv2d", "name": "first", "filters": 6, "kernel_size": 3, "activation": "swish"},
            {"type": "depthwise_conv2d", "name": "hidden", "kernel_size": 3, "strides": 2},
            {"type": "layer_normalization", "name": "norm"},
            {"type": "gaussian_noise", "stddev": 0.2},
            {"type": "global_average_pooling2d"},
            """),
        LSTM("[4, 3]", """
            {"type": "lstm", "name": "first", "units": 5, "return_sequences": true},
            {"type": "spatial_dropout1d", "rate": 0.3},
            {"type": "batch_normalization", "name": "norm"},
            {"type": "lstm", "name": "hidden", "units": 4},
            {"type": "dropout", "rate": 0.4},
            """),
        GRU("[4, 3]", """
            {"type": "gru", "name": "first", "units": 5, "return_sequences": true},
            {"type": "layer_normalization", "name": "norm"},
            {"type": "dropout", "rate": 0.4},
            {"type": "gru", "name": "hidden", "units": 4, "reset_after": false},
            """),
        BIDIRECTIONAL("[4, 3]", """
            {"type": "conv1d", "name": "first", "filters": 4, "kernel_size": 2, "use_bias": false},
            {"type": "batch_normalization", "name": "norm"},
            {"type": "bidirectional", "name": "hidden", "layer": {"type": "lstm", "units": 3}},
            {"type": "dropout", "rate": 0.4},
            """);

        private final String inputShape;
        private final String layers;

        Kind(String inputShape, String layers) {
            this.inputShape = inputShape;
            this.layers = layers;
        }

        boolean isPicture() {
            return inputShape.equals("[8, 8, 2]");
        }

        NetworkGraph network(int classes, String... frozen) {
            return NetworkGraph.of(JSON.readValue(
                    """
                    {"input_shape": %s, "layers": [%s
                        {"type": "dense", "name": "head", "units": %d, "activation": "softmax"}], "freeze": %s}
                    """.formatted(inputShape, layers, classes, JSON.writeValueAsString(frozen)), NetworkSpec.class));
        }
    }

    /** What the first training of each gave. */
    private static final Map<Kind, byte[]> TRAINED = new EnumMap<>(Kind.class);

    @TempDir
    Path folder;

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().threads()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void theSameSpecAndSeedGiveTheSameArtifact(Kind kind) throws IOException {
        assertThat(trained(kind, 1)).isEqualTo(trainedBefore(kind));
    }

    @ParameterizedTest
    @EnumSource(names = {"PICTURE", "GRU"})
    void anotherSeedGivesAnotherArtifact(Kind kind) throws IOException {
        assertThat(trained(kind, 2)).isNotEqualTo(trainedBefore(kind));
    }

    @ParameterizedTest
    @EnumSource(names = {"PICTURE", "LSTM", "GRU"})
    void lookingOnBetweenEpochsChangesNothing(Kind kind) throws IOException {
        try (TrainingSession session = session(kind, kind.network(3), 1)) {
            session.evaluate(rows(kind), BatchObserver.NONE);
            fit(session, kind);
            session.evaluate(rows(kind), BatchObserver.NONE);
            session.keepWeights();
            byte[] halfWay = bytes(session);
            assertThat(bytes(session)).isEqualTo(halfWay);
            fit(session, kind);
            assertThat(bytes(session)).isEqualTo(trainedBefore(kind)).isNotEqualTo(halfWay);
        }
    }

    @Test
    void shufflingAndAugmentationMakeADifference() throws IOException {
        Kind kind = Kind.PICTURE;
        NetworkGraph network = kind.network(3);
        byte[] shuffled = trained(network, spec(1, null, true));
        assertThat(trained(network, spec(1, null, false))).isNotEqualTo(shuffled);
        assertThat(trainedBefore(kind)).isNotEqualTo(shuffled);
    }

    @Test
    void aShuffleBufferGivesTheSameArtifactEachTimeAndIsAnotherOrder() throws IOException {
        NetworkGraph network = Kind.PICTURE.network(3);
        TrainingSpec whole = spec(1, null, true);
        byte[] buffered = trained(network, whole.withShuffleBuffer(9));
        assertThat(trained(network, whole.withShuffleBuffer(9))).isEqualTo(buffered);
        assertThat(trained(network, whole)).isNotEqualTo(buffered);
        assertThat(trained(network, whole.withShuffleBuffer(20))).isEqualTo(trained(network, whole));
    }

    @ParameterizedTest
    @EnumSource
    void restoredWeightsGiveTheEvaluationBack(Kind kind) throws IOException {
        try (TrainingSession session = session(kind, kind.network(3), 1)) {
            fit(session, kind);
            byte[] artifact = bytes(session);
            Evaluation before = session.evaluate(rows(kind), BatchObserver.NONE);
            session.keepWeights();
            fit(session, kind);
            assertThat(session.evaluate(rows(kind), BatchObserver.NONE)).isNotEqualTo(before);
            session.restoreWeights();
            assertThat(session.evaluate(rows(kind), BatchObserver.NONE)).isEqualTo(before);
            assertThat(bytes(session)).isEqualTo(artifact);
        }
    }

    @Test
    void theWeightsThatWereKeptLastAreRestored() throws IOException {
        Kind kind = Kind.PICTURE;
        try (TrainingSession session = session(kind, kind.network(3), 1)) {
            byte[] first = bytes(session);
            session.restoreWeights();
            assertThat(bytes(session)).isEqualTo(first);
            session.keepWeights();
            fit(session, kind);
            byte[] second = bytes(session);
            session.keepWeights();
            fit(session, kind);
            session.restoreWeights();
            assertThat(bytes(session)).isEqualTo(second);
            fit(session, kind);
            session.restoreWeights();
            assertThat(bytes(session)).isEqualTo(second).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void adoptingTakesTheNamedLayersWeightsAndNoOthers(Kind kind) throws IOException {
        NetworkGraph source = kind.network(3);
        // With another head, and with layers frozen here that were not there.
        NetworkGraph target = kind.network(4, "first", "norm");
        Path artifact = folder.resolve("model.zip");
        Files.write(artifact, trainedBefore(kind));
        try (TrainingSession all = session(kind, source, 2);
                TrainingSession some = session(kind, target, 3)) {
            all.adopt(artifact, source, Set.of("first", "norm", "hidden", "head"));
            assertThat(bytes(all)).isEqualTo(trainedBefore(kind));

            Map<String, List<Float>> theirs = weights(all);
            Map<String, List<Float>> before = weights(some);
            some.adopt(artifact, source, Set.of("first", "norm"));
            Map<String, List<Float>> after = weights(some);
            assertThat(after.keySet().stream().map(name -> name.substring(0, name.indexOf('/'))))
                    .contains("first", "norm", "hidden", "head");
            assertThat(after).isNotEqualTo(before);
            after.forEach((name, values) -> {
                boolean adopted = name.startsWith("first/") || name.startsWith("norm/");
                assertThat(values).as(name).isEqualTo(adopted ? theirs.get(name) : before.get(name));
            });
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PICTURE", "BIDIRECTIONAL"})
    void adoptingFromANetworkWithFrozenLayersTakesTheirWeightsToo(Kind kind) throws IOException {
        NetworkGraph frozen = kind.network(3, "norm", "hidden");
        Path artifact = folder.resolve("model.zip");
        try (TrainingSession base = session(kind, frozen, 1);
                TrainingSession session = session(kind, kind.network(3), 2)) {
            fit(base, kind);
            Files.write(artifact, bytes(base));
            session.adopt(artifact, frozen, Set.of("first", "norm", "hidden", "head"));
            assertThat(weights(session)).isEqualTo(weights(base));
            assertThat(session.evaluate(rows(kind), BatchObserver.NONE))
                    .isEqualTo(base.evaluate(rows(kind), BatchObserver.NONE));
        }
    }

    @Test
    void adoptingRefusesTheArtifactOfAnotherNetwork() throws IOException {
        Path artifact = folder.resolve("model.zip");
        Files.write(artifact, trainedBefore(Kind.GRU));
        try (TrainingSession session = session(Kind.LSTM, Kind.LSTM.network(3), 2)) {
            Map<String, List<Float>> before = weights(session);
            assertThatThrownBy(() -> session.adopt(artifact, Kind.LSTM.network(3), Set.of("first")))
                    .isInstanceOf(IOException.class);
            assertThat(weights(session)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void frozenLayersStayAsTheyAreWhileTheOthersChange(Kind kind) {
        for (Set<String> frozen : List.of(Set.of("first", "norm"), Set.of("hidden", "head"))) {
            NetworkGraph network = kind.network(3, frozen.toArray(String[]::new));
            try (TrainingSession session = session(kind, network, 1)) {
                Map<String, List<Float>> before = weights(session);
                assertThat(fit(session, kind).diverged()).isFalse();
                Map<String, List<Float>> after = weights(session);
                assertThat(after).hasSameSizeAs(before).isNotEmpty();
                after.forEach((name, values) -> {
                    if (frozen.contains(name.substring(0, name.indexOf('/')))) {
                        assertThat(values).as("%s, frozen", name).isEqualTo(before.get(name));
                    } else {
                        assertThat(values).as("%s, trained", name).isNotEqualTo(before.get(name));
                    }
                });
            }
        }
    }

    /** The artifact of seed 1, trained once. */
    private static byte[] trainedBefore(Kind kind) throws IOException {
        byte[] before = TRAINED.get(kind);
        if (before == null) {
            before = trained(kind, 1);
            TRAINED.put(kind, before);
        }
        return before;
    }

    private static byte[] trained(Kind kind, long seed) throws IOException {
        return trained(kind.network(3), spec(seed, kind.isPicture() ? AUGMENTATION : null, true));
    }

    /** Over two epochs, each with a smaller last batch. */
    private static byte[] trained(NetworkGraph network, TrainingSpec spec) throws IOException {
        try (TrainingSession session = new TrainingSession(network, spec, List.of("a", "b", "c"))) {
            Rows rows = new Rows(network.inputShape().size());
            for (int epoch = 0; epoch < 2; epoch++) {
                assertThat(fit(session, rows).diverged()).isFalse();
            }
            return bytes(session);
        }
    }

    private static TrainingSession session(Kind kind, NetworkGraph network, long seed) {
        List<String> classes = List.of("a", "b", "c", "d")
                .subList(0, network.output().outputShape().size());
        return new TrainingSession(network, spec(seed, kind.isPicture() ? AUGMENTATION : null, true), classes);
    }

    private static TrainingSpec spec(long seed, @Nullable Augmentation augmentation, boolean shuffle) {
        return new TrainingSpec(
                2,
                8,
                seed,
                shuffle,
                null,
                new LossSpec.CategoricalCrossentropy(0.0),
                List.of(new MetricSpec.Accuracy()),
                new OptimizerSpec.Adam(0.01, 0.9, 0.999, 1e-7, null, null, null),
                new LearningRateSchedule.Constant(),
                new EarlyStopping(new Monitor("val_loss"), Monitor.Mode.AUTO, 0.0, 0, true),
                Map.of(),
                augmentation);
    }

    private static EpochResult fit(TrainingSession session, Kind kind) {
        return fit(session, rows(kind));
    }

    private static EpochResult fit(TrainingSession session, Rows rows) {
        EpochResult result = session.fitEpoch(rows, position -> 0.01, BatchObserver.NONE);
        session.endEpoch();
        return result;
    }

    private static Rows rows(Kind kind) {
        return new Rows(kind.network(3).inputShape().size());
    }

    private static byte[] bytes(TrainingSession session) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.save(out);
        return out.toByteArray();
    }

    private static Map<String, List<Float>> weights(TrainingSession session) {
        Map<String, List<Float>> weights = new LinkedHashMap<>();
        for (PlacedWeight weight : session.weights()) {
            List<Float> values = new ArrayList<>();
            for (float value : weight.get()) {
                values.add(value);
            }
            weights.put(weight.node() + "/" + weight.weight().name(), values);
        }
        return weights;
    }

    /** Twenty rows of noise around the number of their class. */
    record Rows(int size) implements Examples {

        @Override
        public int count() {
            return 20;
        }

        @Override
        public float target(int row) {
            return row % 3;
        }

        @Override
        public void copyFeatures(int row, float[] target, int offset) {
            SplittableRandom random = new SplittableRandom(row);
            for (int i = 0; i < size; i++) {
                target[offset + i] = (float) (random.nextDouble() - 0.5 + 0.3 * (row % 3));
            }
        }
    }
}
