package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.engine.DeterminismTest.Kind;
import io.trainyard.engine.DeterminismTest.Rows;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.Task;
import io.trainyard.network.TrainingSettings;
import io.trainyard.network.TrainingSpec;
import io.trainyard.network.layer.Activation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training that is cut off after any batch, and taken up from its checkpoint by another session, ends in the same
 * artifact, byte by byte, and tells of the same losses and metrics.
 */
class CheckpointTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    private static final int EPOCHS = 3;
    private static final int BATCHES = 3;
    private static final String ADAM = "{'type': 'adam'}";

    @TempDir
    Path folder;

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().threads()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void cutOffAfterEachBatchItEndsTheSame(Kind kind) throws IOException {
        assertSame(kind, training(ADAM));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'sgd'}",
                "{'type': 'sgd', 'momentum': 0.9, 'nesterov': true}",
                "{'type': 'rmsprop', 'momentum': 0.5, 'centered': true}",
                "{'type': 'adamw', 'clipnorm': 1.0}",
                "{'type': 'adamax'}",
                "{'type': 'nadam'}",
                "{'type': 'adagrad'}",
                "{'type': 'adadelta'}"
            })
    void soItDoesWithEachOptimizer(String optimizer) throws IOException {
        assertSame(Kind.GRU, training(optimizer));
    }

    @Test
    void theKeptWeightsAreInTheCheckpoint() throws IOException {
        NetworkGraph network = Kind.PICTURE.network(3);
        Path checkpoint = folder.resolve("checkpoint");
        byte[] kept;
        try (TrainingSession first = session(network, training(ADAM))) {
            fit(first, network, null);
            first.keepWeights();
            kept = bytes(first);
            fit(first, network, null);
            write(first, checkpoint);
        }
        try (TrainingSession second = session(network, training(ADAM))) {
            second.resume(checkpoint);
            assertThat(bytes(second)).isNotEqualTo(kept);
            second.restoreWeights();
            assertThat(bytes(second)).isEqualTo(kept);
        }
    }

    @Test
    void figuresOfNumbersGoOnToo() throws IOException {
        String network = "{'input_shape': [4], 'layers': [{'type': 'dense', 'units': 1}]}";
        TrainingSpec training =
                settings("{'epochs': 3, 'batch_size': 8, 'seed': 5}").complete(Task.REGRESSION, Activation.LINEAR);
        assertSame(NetworkGraph.of(JSON.readValue(network.replace('\'', '"'), NetworkSpec.class)), training, List.of());
    }

    @Test
    void augmentedPicturesGoOnToo() throws IOException {
        assertSame(
                Kind.PICTURE,
                classification(
                        "{'epochs': 3, 'batch_size': 8, 'augmentation': {'rotation_range': 20, 'horizontal_flip': true}}"));
    }

    /** The buffer holds 2 of 7 blocks of 3 rows; a batch ends within a window. */
    @Test
    void rowsShuffledInBlocksGoOnToo() throws IOException {
        assertSame(Kind.PICTURE, classification("{'epochs': 3, 'batch_size': 8, 'seed': 5, 'shuffle_buffer': 8}"));
    }

    @Test
    void aFileOfAnotherKindOrNetworkIsRefused() throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        NetworkGraph small = Kind.GRU.network(3);
        try (TrainingSession session = session(small, training(ADAM))) {
            Files.writeString(checkpoint, "PK and more than eight bytes");
            assertThatThrownBy(() -> session.resume(checkpoint)).isInstanceOf(IOException.class);
        }
        NetworkGraph other = Kind.LSTM.network(3);
        try (TrainingSession session = session(other, training(ADAM))) {
            write(session, checkpoint);
        }
        try (TrainingSession session = session(small, training(ADAM))) {
            assertThatThrownBy(() -> session.resume(checkpoint))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is of another");
        }
    }

    private void assertSame(Kind kind, TrainingSpec training) throws IOException {
        assertSame(kind.network(3), training, List.of("a", "b", "c"));
    }

    private void assertSame(NetworkGraph network, TrainingSpec training, List<String> classes) throws IOException {
        List<EpochResult> expected = new ArrayList<>();
        byte[] artifact;
        List<Path> checkpoints = new ArrayList<>();
        try (TrainingSession whole = new TrainingSession(network, training, classes)) {
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                expected.add(fit(whole, network, checkpoints));
                checkpoints.add(write(whole, folder.resolve("at-" + checkpoints.size())));
            }
            artifact = bytes(whole);
        }
        assertThat(checkpoints).hasSize(EPOCHS * (BATCHES + 1));
        for (Path checkpoint : checkpoints) {
            Nd4j.getRandom().setSeed(checkpoint.hashCode());
            try (TrainingSession rest = new TrainingSession(network, training, classes)) {
                rest.resume(checkpoint);
                while (rest.position().epoch() < EPOCHS) {
                    int epoch = rest.position().epoch();
                    assertThat(fit(rest, network, null))
                            .usingRecursiveComparison()
                            .ignoringFields("dataWaitSeconds")
                            .isEqualTo(expected.get(epoch));
                }
                assertThat(bytes(rest)).as(checkpoint.toString()).isEqualTo(artifact);
            }
        }
    }

    /** Fits an epoch, with a checkpoint after each batch where they are asked for. */
    private EpochResult fit(TrainingSession session, NetworkGraph network, @Nullable List<Path> checkpoints) {
        Rows rows = new Rows(network.inputShape().size());
        EpochResult result = session.fitEpoch(rows, position -> 0.01 / (1 + position), (iteration, iterations) -> {
            assertThat(iterations).isEqualTo(BATCHES);
            assertThat(session.position().iteration()).isEqualTo(iteration);
            if (checkpoints != null) {
                try {
                    checkpoints.add(write(session, folder.resolve("at-" + checkpoints.size())));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        session.endEpoch();
        return result;
    }

    private static TrainingSession session(NetworkGraph network, TrainingSpec training) {
        return new TrainingSession(network, training, List.of("a", "b", "c"));
    }

    private static TrainingSpec training(String optimizer) {
        return classification("""
                {'epochs': 3, 'batch_size': 8, 'seed': 5, 'optimizer': %s,
                 'metrics': ['accuracy', 'precision', 'recall', 'f1_score', 'auc'],
                 'early_stopping': {'restore_best_weights': true, 'patience': 3}}
                """.formatted(optimizer));
    }

    private static TrainingSpec classification(String settings) {
        return settings(settings).complete(Task.CLASSIFICATION, Activation.SOFTMAX);
    }

    private static TrainingSettings settings(String json) {
        return JSON.readValue(json.replace('\'', '"'), TrainingSettings.class);
    }

    private static Path write(TrainingSession session, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            session.checkpoint(out);
        }
        return file;
    }

    private static byte[] bytes(TrainingSession session) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.save(out);
        return out.toByteArray();
    }
}
