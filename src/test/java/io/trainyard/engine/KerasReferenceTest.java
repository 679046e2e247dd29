package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.LearningRate;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.Task;
import io.trainyard.network.TrainingSettings;
import io.trainyard.network.TrainingSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every layer, loss, optimizer, regulariser and constraint does what Keras' does: the same predictions from the same
 * weights, the same losses while it trains, the same weights afterwards. The numbers are Keras' own, in float64, written
 * by {@code src/test/reference/keras_reference.py}.
 */
class KerasReferenceTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();
    /** Of float32 arithmetic, relative to the largest value. */
    private static final double TOLERANCE = 2e-5;

    @TempDir
    Path folder;

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().onednn()).isTrue();
    }

    static Stream<Arguments> cases() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(KerasReferenceTest.class.getResourceAsStream("/keras/reference.json"))) {
            return JSON
                    .readTree(in)
                    .get("cases")
                    .valueStream()
                    .flatMap(each -> Stream.of(Way.values())
                            .map(way -> Arguments.of(each.get("name").stringValue(), way, each)))
                    .toList()
                    .stream();
        }
    }

    /** How the passes are made. */
    enum Way {
        AS_JOBS_ARE,
        BY_DL4J;

        Computation computation(NetworkGraph spec, Network network, int batchSize) {
            return this == BY_DL4J ? new Computation.Graph(network) : Computation.of(spec, network, batchSize);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void doesWhatKerasDoes(String name, Way way, JsonNode reference) throws IOException {
        NetworkGraph graph = NetworkGraph.of(JSON.treeToValue(reference.get("network"), NetworkSpec.class));
        int classes = reference.get("classes").intValue();
        TrainingSpec training = JSON.treeToValue(reference.get("training"), TrainingSettings.class)
                .complete(
                        classes == 0 ? Task.REGRESSION : Task.CLASSIFICATION,
                        graph.output().layer().outputActivation());
        List<String> names =
                IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        Examples examples = new Given(reference, graph.inputShape().size());
        try (TrainingSession session = new TrainingSession(graph, training, names, way::computation)) {
            JsonNode weights = reference.get("weights");
            assertThat(session.weights().stream().map(PlacedWeight::node).distinct())
                    .containsExactlyInAnyOrderElementsOf(weights.propertyNames());
            session.weights()
                    .forEach(weight -> weight.set(floats(
                            weights.get(weight.node()).get(weight.weight().name()))));

            assertClose("predictions", predictions(session, graph, examples), reference.get("predictions"));

            LearningRate learningRate = new LearningRate(training);
            for (int epoch = 0; epoch < training.epochs(); epoch++) {
                EpochResult result = session.fitEpoch(examples, learningRate::at, BatchObserver.NONE);
                session.endEpoch();
                assertClose(
                        "loss of epoch " + epoch,
                        new float[] {(float) result.loss()},
                        JSON.createArrayNode()
                                .add(reference.get("losses").get(epoch).doubleValue()));
            }
            for (PlacedWeight weight : session.weights()) {
                assertClose(
                        weight.node() + "/" + weight.weight().name(),
                        weight.get(),
                        reference
                                .get("trained")
                                .get(weight.node())
                                .get(weight.weight().name()));
            }
            assertClose(
                    "loss",
                    new float[] {
                        (float) session.evaluate(examples, BatchObserver.NONE).loss()
                    },
                    JSON.createArrayNode().add(reference.get("loss").doubleValue()));
        }
    }

    /** By way of what would be published. */
    private float[] predictions(TrainingSession session, NetworkGraph graph, Examples examples) throws IOException {
        Path artifact = folder.resolve("model.zip");
        try (OutputStream out = Files.newOutputStream(artifact)) {
            session.save(out);
        }
        int size = graph.inputShape().size();
        float[] features = new float[examples.count() * size];
        for (int row = 0; row < examples.count(); row++) {
            examples.copyFeatures(row, features, row * size);
        }
        try (InferenceNetwork network = InferenceNetwork.load(
                artifact, graph.inputShape(), graph.output().outputShape().size())) {
            return network.predict(features, examples.count());
        }
    }

    private static void assertClose(String what, float[] ours, JsonNode keras) {
        float[] theirs = floats(keras);
        assertThat(ours).as(what).hasSameSizeAs(theirs);
        double scale = 1e-2;
        for (float value : theirs) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < ours.length; i++) {
            assertThat((double) ours[i]).as("%s[%d]", what, i).isCloseTo(theirs[i], Offset.offset(TOLERANCE * scale));
        }
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }

    /** The rows of a case. */
    private record Given(float[] inputs, float[] targets, int size) implements Examples {

        Given(JsonNode reference, int size) {
            this(floats(reference.get("inputs")), floats(reference.get("targets")), size);
        }

        @Override
        public int count() {
            return targets.length;
        }

        @Override
        public float target(int row) {
            return targets[row];
        }

        @Override
        public void copyFeatures(int row, float[] target, int offset) {
            System.arraycopy(inputs, row * size, target, offset, size);
        }
    }
}
