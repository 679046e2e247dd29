package io.trainyard.modelimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.engine.Engine;
import io.trainyard.engine.ImportedNetwork;
import io.trainyard.engine.InferenceNetwork;
import io.trainyard.engine.TrainingSession;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.Task;
import io.trainyard.network.TrainingSettings;
import io.trainyard.network.TrainingSpec;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network in a file of Keras answers here what it answers in Keras. The files are written by
 * {@code src/test/reference/keras_h5.py}, the answers by Keras itself.
 */
class KerasFileTest {

    private static final long MAX_BYTES = 1 << 20;
    /** Of float32 arithmetic, relative to the largest value. */
    private static final double TOLERANCE = 2e-5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dense relu",
                "dense gelu",
                "batch_normalization over a picture",
                "separable_conv2d same",
                "depthwise_conv2d multiplier",
                "layer_normalization",
                "embedding, lstm",
                "lstm backwards sequences",
                "bidirectional lstm concat",
                "bidirectional gru concat",
                "gru reset before",
                "loss binary_crossentropy of two classes",
                "loss mse",
            })
    void answersWhatKerasAnswers(String name) throws IOException {
        JsonNode reference = reference(name);
        float[] inputs = floats(reference.get("inputs"));
        float[] expected = floats(reference.get("predictions"));
        int rows = reference.get("targets").size();

        try (KerasFile file = KerasFile.open(file(name), null, MAX_BYTES);
                ImportedNetwork network = new Engine().importLayers(file.network(), file.weights());
                InferenceNetwork serving = load(network)) {
            assertThat(file.network().inputShape().size()).isEqualTo(inputs.length / rows);
            assertClose(serving.predict(inputs, rows), expected);
        }
    }

    /** As pictures are often given to a dense network. */
    @Test
    void rowsOfAnotherShapeWithAsManyValuesAreTakenInTheirOrder() throws IOException {
        JsonNode reference = reference("dense relu");
        int rows = reference.get("targets").size();

        try (KerasFile file = KerasFile.open(file("dense relu"), Shape.of(5, 1, 1), MAX_BYTES);
                ImportedNetwork network = new Engine().importLayers(file.network(), file.weights());
                InferenceNetwork serving = load(network)) {
            assertThat(network.facts().inputShape()).containsExactly(5, 1, 1);
            assertClose(serving.predict(floats(reference.get("inputs")), rows), floats(reference.get("predictions")));
        }
        assertThatThrownBy(() -> KerasFile.open(file("dense relu"), Shape.of(6), MAX_BYTES))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("is [6], but the network takes rows of shape [5]");
    }

    @Test
    void trainingCanGoOnFromItsWeights() throws IOException {
        try (KerasFile file = KerasFile.open(file("dense relu"), null, MAX_BYTES);
                ImportedNetwork network = new Engine().importLayers(file.network(), file.weights());
                InferenceNetwork serving = load(network)) {
            NetworkGraph graph = NetworkGraph.of(file.network());
            TrainingSpec training = JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build()
                    .readValue("{\"epochs\": 1, \"seed\": 1}", TrainingSettings.class)
                    .complete(Task.CLASSIFICATION, Activation.SOFTMAX);
            Path again = folder.resolve("again.zip");
            try (TrainingSession session = new Engine().train(graph, training, List.of("a", "b", "c"));
                    OutputStream out = Files.newOutputStream(again)) {
                session.adopt(folder.resolve("model.zip"), graph, Set.of("dense", "flatten", "head"));
                session.save(out);
            }
            try (InferenceNetwork adopted = new Engine().load(again, List.of(5), 3)) {
                float[] row = {1, -2, 0.5f, 3, 0};
                assertThat(adopted.predict(row.clone(), 1)).isEqualTo(serving.predict(row.clone(), 1));
            }
        }
    }

    @Test
    void aNetworkWithMoreWeightsThanAreTakenIsRefusedBeforeTheyAreRead() {
        assertThatThrownBy(() -> KerasFile.open(file("dense relu"), null, 100))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("39 parameters; at most 25 are taken");
    }

    private InferenceNetwork load(ImportedNetwork network) throws IOException {
        Path artifact = folder.resolve("model.zip");
        try (OutputStream out = Files.newOutputStream(artifact)) {
            network.save(out);
        }
        return new Engine()
                .load(artifact, network.facts().inputShape(), network.facts().outputs());
    }

    /** The file with the network of a case. */
    static Path file(String name) {
        return Path.of("src/test/resources/keras/h5")
                .resolve(name.replace(",", "").replace(' ', '-') + ".h5");
    }

    static JsonNode reference(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(KerasFileTest.class.getResourceAsStream("/keras/reference.json"))) {
            return JsonMapper.shared()
                    .readTree(in)
                    .get("cases")
                    .valueStream()
                    .filter(each -> each.get("name").stringValue().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static void assertClose(float[] ours, float[] theirs) {
        double scale = 1e-2;
        for (float value : theirs) {
            scale = Math.max(scale, Math.abs(value));
        }
        // One output for two classes is told as both probabilities.
        int step = ours.length / theirs.length;
        for (int i = 0; i < theirs.length; i++) {
            assertThat((double) ours[step * i + step - 1])
                    .as("answer %d", i)
                    .isCloseTo(theirs[i], Offset.offset(TOLERANCE * scale));
        }
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }
}
