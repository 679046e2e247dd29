package io.trainyard.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** A network is computed by as many threads as its largest layer keeps busy, of those that there are. */
class ThreadsTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        # input;    layer;                                                                                          rows; of 64
        [28, 28, 1];  {"type": "dropout", "rate": 0.5};                                                               256;  1
        [784];        {"type": "dense", "units": 200};                                                                128;  1
        [784];        {"type": "dense", "units": 4000};                                                               128;  23
        [50, 64];     {"type": "dense", "units": 256};                                                                128;  6
        [14, 14, 12]; {"type": "conv2d", "filters": 24, "kernel_size": 6, "padding": "same"};                         64;   7
        [28, 28, 12]; {"type": "conv2d", "filters": 24, "kernel_size": 6, "strides": 2, "padding": "same"};           64;   7
        [28, 28, 12]; {"type": "conv2d", "filters": 24, "kernel_size": 6, "padding": "same"};                         6400; 64
        [28, 28, 12]; {"type": "depthwise_conv2d", "kernel_size": 6, "padding": "same"};                              64;   1
        [28, 28, 64]; {"type": "separable_conv2d", "filters": 64, "kernel_size": 3, "padding": "same"};               64;   13
        [100, 32];    {"type": "conv1d", "filters": 64, "kernel_size": 5, "padding": "same"};                         64;   3
        [28, 28];     {"type": "lstm", "units": 128};                                                                 128;  6
        [28, 28];     {"type": "lstm", "units": 32};                                                                  256;  1
        [2, 28];      {"type": "lstm", "units": 128};                                                                 128;  1
        [28, 28];     {"type": "gru", "units": 128};                                                                  128;  4
        [28, 28];     {"type": "bidirectional", "layer": {"type": "lstm", "units": 128}};                             128;  6
        """)
    void asManyAsItsLargestLayerKeepsBusy(String inputShape, String layer, int rows, int expected) {
        NetworkGraph network = NetworkGraph.of(JSON.readValue(
                "{\"input_shape\": " + inputShape + ", \"layers\": [" + layer
                        + (layer.contains("2d") || layer.contains("dropout") ? ", {\"type\": \"flatten\"}" : "")
                        + (layer.contains("1d") || inputShape.startsWith("[50")
                                ? ", {\"type\": \"global_max_pooling1d\"}"
                                : "")
                        + ", {\"type\": \"dense\", \"units\": 2, \"activation\": \"softmax\"}]}",
                NetworkSpec.class));
        for (int most : new int[] {1, 4, 64}) {
            assertThat(Threads.worthwhile(network, rows, most)).isEqualTo(Math.min(most, expected));
        }
    }
}
