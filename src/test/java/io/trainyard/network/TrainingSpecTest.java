package io.trainyard.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.network.layer.Activation;
import io.trainyard.problem.InvalidFieldException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** Specs of every release are read as they were meant, and the shuffle buffer fits the rest. */
class TrainingSpecTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .build();

    private static final String OF_BEFORE_THE_BUFFER = """
            {"epochs": 3, "batch_size": 64, "seed": 5, "shuffle": true, "loss": {"type": "mse"}, "metrics": [],
             "optimizer": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.0, "nesterov": false},
             "learning_rate_schedule": {"type": "constant"}, "class_weight": {}}
            """;

    @Test
    void aSpecOfBeforeTheBufferShufflesTheWholeSplit() {
        TrainingSpec spec = JSON.readValue(OF_BEFORE_THE_BUFFER, TrainingSpec.class);
        assertThat(spec.shuffleBuffer()).isNull();
        assertThat(JSON.writeValueAsString(spec)).doesNotContain("shuffle_buffer");
    }

    @Test
    void aBufferIsWrittenAndReadAndChangesNothingElse() {
        TrainingSpec before = JSON.readValue(OF_BEFORE_THE_BUFFER, TrainingSpec.class);
        TrainingSpec buffered = before.withShuffleBuffer(1000);
        String written = JSON.writeValueAsString(buffered);
        assertThat(written).contains("\"shuffle_buffer\":1000");
        assertThat(JSON.readValue(written, TrainingSpec.class)).isEqualTo(buffered);
        assertThat(written.replace("\"shuffle_buffer\":1000,", "")).isEqualTo(JSON.writeValueAsString(before));
    }

    @Test
    void iterationsCountTheLastSmallerOneAndDoNotOverflow() {
        TrainingSpec spec = JSON.readValue(OF_BEFORE_THE_BUFFER, TrainingSpec.class);
        assertThat(spec.iterations(0)).isZero();
        assertThat(spec.iterations(64)).isEqualTo(1);
        assertThat(spec.iterations(65)).isEqualTo(2);
        assertThat(spec.iterations(Integer.MAX_VALUE)).isEqualTo(33_554_432);
    }

    @Test
    void theBufferHoldsAtLeastABatchWhicheverOfThemIsADefault() {
        assertThat(complete("{\"epochs\": 1, \"shuffle_buffer\": 32}").shuffleBuffer())
                .isEqualTo(32);
        assertThatThrownBy(() -> complete("{\"epochs\": 1, \"shuffle_buffer\": 31}"))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("must hold at least the rows of a batch: batch_size is 32, this was 31");
    }

    @Test
    void aPresetsBufferGivesWayToTheRequests() {
        TrainingSettings preset = settings("{\"epochs\": 1, \"batch_size\": 8, \"shuffle_buffer\": 100}");
        assertThat(settings("{\"shuffle_buffer\": 50}").orElse(preset).shuffleBuffer())
                .isEqualTo(50);
        assertThat(settings("{\"epochs\": 2}").orElse(preset).shuffleBuffer()).isEqualTo(100);
    }

    private static TrainingSpec complete(String settings) {
        return settings(settings).complete(Task.REGRESSION, Activation.LINEAR);
    }

    private static TrainingSettings settings(String json) {
        return JSON.readValue(json, TrainingSettings.class);
    }
}
