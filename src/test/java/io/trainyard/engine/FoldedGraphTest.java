package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** A folded network says what the trained one says, in fewer steps. */
class FoldedGraphTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();
    private static final int ROWS = 5;

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().threads()).isPositive();
    }

    /** The last column: how many steps are saved. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # normalised without a bias, as in rung 9
            [8,8,1] | {'type':'conv2d','filters':4,'kernel_size':3,'use_bias':false},{'type':'batch_normalization'},{'type':'activation','activation':'relu'},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 2
            # with a bias, and its own activation in between: normalisation has to stay
            [8,8,2] | {'type':'conv2d','filters':4,'kernel_size':3,'activation':'tanh'},{'type':'batch_normalization'},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 1
            [8,8,2] | {'type':'conv2d','filters':4,'kernel_size':3,'padding':'same','strides':2},{'type':'batch_normalization','scale':false},{'type':'activation','activation':'elu'},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 2
            # another layer
            [8,8,2] | {'type':'conv2d','filters':4,'kernel_size':3,'dilation_rate':2},{'type':'batch_normalization'},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 0
            [8,8,2] | {'type':'depthwise_conv2d','kernel_size':3},{'type':'batch_normalization'},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 0
            [8,8,2] | {'type':'max_pooling2d'},{'type':'batch_normalization'},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 0
            # dense, with and without a bias; twice in a row
            [7] | {'type':'dense','units':6,'use_bias':false},{'type':'batch_normalization','center':false},{'type':'activation','activation':'relu'},{'type':'dense','units':3,'activation':'softmax'} | 2
            [7] | {'type':'dense','units':6},{'type':'batch_normalization'},{'type':'batch_normalization','epsilon':0.1},{'type':'dense','units':3,'activation':'softmax'} | 2
            [7] | {'type':'dense','units':6,'activation':'relu'},{'type':'batch_normalization'},{'type':'dense','units':3,'activation':'softmax'} | 0
            # the convolution's output goes elsewhere too
            [8,8,1] | {'name':'c','type':'conv2d','filters':4,'kernel_size':3},{'name':'n','type':'batch_normalization'},{'type':'add','inputs':['c','n']},{'type':'flatten'},{'type':'dense','units':3,'activation':'softmax'} | 0
            # two branches
            [7] | {'name':'a','type':'dense','units':6,'inputs':['input']},{'name':'b','type':'batch_normalization'},{'name':'c','type':'dense','units':6,'inputs':['input']},{'name':'d','type':'activation','activation':'tanh'},{'type':'add','inputs':['b','d']},{'type':'dense','units':3,'activation':'softmax'} | 2
            # nothing to fold
            [7] | {'type':'dense','units':3,'activation':'softmax'} | 0
            """)
    void saysWhatTheTrainedOneSays(String shape, String layers, int saved) {
        NetworkSpec spec = JSON.readValue(
                "{\"input_shape\": %s, \"layers\": [%s], \"freeze\": []}".formatted(shape, layers.replace('\'', '"')),
                NetworkSpec.class);
        NetworkGraph network = NetworkGraph.of(spec);
        try (Network trained = ModelArchive.network(network, new LossSpec.MeanSquaredError())) {
            draw(trained);
            Optional<ComputationGraph> folded = FoldedGraph.of(trained.graph());
            assertThat(folded.isPresent()).isEqualTo(saved > 0);
            folded.ifPresent(graph -> {
                assertThat(trained.graph().getNumLayers() - graph.getNumLayers())
                        .isEqualTo(saved);
                assertSame(trained.graph(), graph, spec);
                Network.free(graph);
            });
        }
    }

    /** Weights, and statistics as of a trained network. */
    private static void draw(Network network) {
        network.initialise(3);
        SplittableRandom random = new SplittableRandom(4);
        for (PlacedWeight weight : network.weights()) {
            float[] values = weight.get();
            boolean positive = weight.weight().name().equals("moving_variance");
            for (int i = 0; i < values.length; i++) {
                values[i] = positive
                        ? (float) random.nextDouble(0.01, 3)
                        : values[i] + (float) random.nextDouble(-0.5, 0.5);
            }
            weight.set(values);
        }
    }

    private static void assertSame(ComputationGraph trained, ComputationGraph folded, NetworkSpec spec) {
        SplittableRandom random = new SplittableRandom(5);
        float[] rows = new float[ROWS * spec.inputShape().size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble(-1, 1);
        }
        INDArray input = Nd4j.create(rows, spec.inputShape().batch(ROWS), 'c');
        float[] expected = trained.outputSingle(false, input).dup('c').data().asFloat();
        float[] output = folded.outputSingle(false, input).dup('c').data().asFloat();
        assertThat(expected).hasSize(3 * ROWS);
        for (int i = 0; i < expected.length; i++) {
            assertThat(output[i]).isCloseTo(expected[i], Offset.offset(1e-5f));
        }
    }
}
