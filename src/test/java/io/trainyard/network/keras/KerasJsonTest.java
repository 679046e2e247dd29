package io.trainyard.network.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.Add;
import io.trainyard.network.layer.AveragePooling1d;
import io.trainyard.network.layer.AveragePooling2d;
import io.trainyard.network.layer.Axes;
import io.trainyard.network.layer.BatchNormalization;
import io.trainyard.network.layer.Bidirectional;
import io.trainyard.network.layer.Borders;
import io.trainyard.network.layer.Concatenate;
import io.trainyard.network.layer.Constraint.MaxNorm;
import io.trainyard.network.layer.Conv1d;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.Dense;
import io.trainyard.network.layer.DepthwiseConv2d;
import io.trainyard.network.layer.Dropout;
import io.trainyard.network.layer.Embedding;
import io.trainyard.network.layer.Flatten;
import io.trainyard.network.layer.GaussianNoise;
import io.trainyard.network.layer.GlobalAveragePooling1d;
import io.trainyard.network.layer.GlobalAveragePooling2d;
import io.trainyard.network.layer.GlobalMaxPooling1d;
import io.trainyard.network.layer.GlobalMaxPooling2d;
import io.trainyard.network.layer.Gru;
import io.trainyard.network.layer.Initializer;
import io.trainyard.network.layer.Initializer.Distribution;
import io.trainyard.network.layer.Initializer.Mode;
import io.trainyard.network.layer.LayerNormalization;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.LeakyRelu;
import io.trainyard.network.layer.Lstm;
import io.trainyard.network.layer.MaxPooling1d;
import io.trainyard.network.layer.MaxPooling2d;
import io.trainyard.network.layer.Multiply;
import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.Regularizer;
import io.trainyard.network.layer.Reshape;
import io.trainyard.network.layer.SeparableConv2d;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Size2d;
import io.trainyard.network.layer.SpatialDropout1d;
import io.trainyard.network.layer.SpatialDropout2d;
import io.trainyard.network.layer.UpSampling2d;
import io.trainyard.network.layer.ZeroPadding2d;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Keras user can rely on when posting {@code model.to_json()}.
 *
 * <p>{@code models-3.json} is written by Keras 3.15 itself (src/test/reference/keras_models.py). {@code models-2.json} holds
 * the same models in the form of tf.keras 2.10 and 2.15: not written by those, but rewritten key by key after their
 * {@code get_config} and after published JSON of theirs.
 */
class KerasJsonTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOT = "/network/keras";
    private static final Initializer GLOROT = new Initializer.GlorotUniform();
    private static final Initializer ZEROS = new Initializer.Zeros();

    private static final Map<String, JsonNode> KERAS_3 = keras3();

    // What is read

    @Test
    void rung9OfTheLadderIsTheSameNetworkInEveryForm() {
        List<LayerSpec> rung9 = List.of(
                convolution("conv2d", 12, 3, 1),
                batchNormalization("batch_normalization"),
                new ActivationLayer("activation", null, Activation.RELU),
                convolution("conv2d_1", 24, 6, 2),
                batchNormalization("batch_normalization_1"),
                new ActivationLayer("activation_1", null, Activation.RELU),
                convolution("conv2d_2", 32, 6, 2),
                batchNormalization("batch_normalization_2"),
                new ActivationLayer("activation_2", null, Activation.RELU),
                new Flatten("flatten", null),
                dense("dense", 200, Activation.LINEAR, false),
                batchNormalization("batch_normalization_3"),
                new ActivationLayer("activation_3", null, Activation.RELU),
                new Dropout("dropout", null, 0.3),
                dense("dense_1", 10, Activation.SOFTMAX, true));
        KerasJson.Parsed expected = new KerasJson.Parsed(Shape.of(28, 28, 1), rung9, List.of());

        List<JsonNode> forms =
                Stream.concat(Stream.of(keras3("rung9")), keras2("rung9")).toList();
        assertThat(forms).hasSize(3);
        assertThat(forms).allSatisfy(json -> assertThat(KerasJson.parse(json)).isEqualTo(expected));
    }

    static Stream<JsonNode> keras2() {
        return fixtures("models-2.json");
    }

    @ParameterizedTest
    @MethodSource("keras2")
    void keras2SaysTheSameAsKeras3(JsonNode model) {
        String name = model.get("name").stringValue();

        assertThat(KerasJson.parse(model.get("json"))).isEqualTo(KerasJson.parse(keras3(name)));
    }

    @Test
    void aStringThatHoldsTheJsonIsReadLikeTheJson() {
        String text = keras3("rung9").toString();

        assertThat(KerasJson.parse(JSON.getNodeFactory().stringNode(text))).isEqualTo(KerasJson.parse(keras3("rung9")));
    }

    @Test
    void everyLayerThatASequentialCanHoldIsRead() {
        Set<Class<?>> read = supported()
                .flatMap(json -> KerasJson.parse(json).layers().stream())
                .map(LayerSpec::getClass)
                .collect(Collectors.toSet());
        Set<Class<?>> all = Arrays.stream(
                        LayerSpec.class.getAnnotation(JsonSubTypes.class).value())
                .map(JsonSubTypes.Type::value)
                .collect(Collectors.toSet());
        all.removeAll(Set.of(Add.class, Concatenate.class, Multiply.class));

        assertThat(read).isEqualTo(all);
    }

    @Test
    void denseLayersKeepTheirParameters() {
        assertThat(layers("dense"))
                .containsExactly(new Dense(
                        "d",
                        null,
                        7,
                        Activation.GELU,
                        true,
                        new Initializer.VarianceScaling(0.5, Mode.FAN_OUT, Distribution.UNTRUNCATED_NORMAL),
                        new Initializer.Constant(0.1),
                        new Regularizer.L1L2(0.25, 0.5),
                        new Regularizer.L2(0.5),
                        new MaxNorm(3.0, new Axes(List.of(0)))));
    }

    @Test
    void initializersKeepTheirParameters() {
        assertThat(layers("initializers").stream().map(layer -> ((Dense) layer).kernelInitializer()))
                .containsExactly(
                        ZEROS,
                        new Initializer.Ones(),
                        new Initializer.Constant(0.5),
                        new Initializer.RandomNormal(0.1, 0.2),
                        new Initializer.TruncatedNormal(0.3, 0.4),
                        new Initializer.RandomUniform(-0.5, 0.6),
                        new Initializer.Orthogonal(1.5),
                        GLOROT,
                        new Initializer.GlorotNormal(),
                        new Initializer.HeUniform(),
                        new Initializer.HeNormal(),
                        new Initializer.LecunUniform(),
                        new Initializer.LecunNormal(),
                        new Initializer.VarianceScaling(3.0, Mode.FAN_AVG, Distribution.UNIFORM),
                        new Initializer.HeNormal());
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, fan_avg, uniform, glorot_uniform",
        "1.0, fan_avg, normal, glorot_normal",
        "2.0, fan_in, uniform, he_uniform",
        "2.0, fan_in, normal, he_normal",
        "1.0, fan_in, uniform, lecun_uniform",
        "1.0, fan_in, normal, lecun_normal",
        "1.0, fan_in, truncated_normal, lecun_normal"
    })
    void oldVarianceScalingIsTheInitializerThatItStandsFor(
            double scale, String mode, String distribution, String name) {
        String old =
                "{'class_name': 'VarianceScaling', 'config': {'scale': %s, 'mode': '%s', 'distribution': '%s', 'seed': null}}"
                        .formatted(scale, mode, distribution);

        assertThat(denseWith("kernel_initializer", json(old)))
                .isEqualTo(denseWith("kernel_initializer", json("'" + name + "'")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        glorot_uniform | GlorotUniform | 'seed': null, 'dtype': 'float32'
        he_normal | HeNormal | 'seed': 3
        zeros | Zeros | 'dtype': 'float32'
        zero | Zeros |
        one | Ones |
        constant | Constant | 'value': 0
        uniform | RandomUniform | 'minval': -0.05, 'maxval': 0.05, 'seed': null
        random_uniform | RandomUniform | 'minval': -0.05, 'maxval': 0.05, 'seed': null
        normal | RandomNormal | 'mean': 0.0, 'stddev': 0.05, 'seed': null
        truncated_normal | TruncatedNormal | 'mean': 0.0, 'stddev': 0.05, 'seed': null
        orthogonal | Orthogonal | 'gain': 1.0, 'seed': null
        """)
    void bareNamesOfInitializersStandForTheirDefaults(String name, String className, @Nullable String config) {
        String object = "{'class_name': '%s', 'config': {%s}}".formatted(className, config == null ? "" : config);

        assertThat(denseWith("kernel_initializer", json("'" + name + "'")))
                .isEqualTo(denseWith("kernel_initializer", json(object)));
    }

    @Test
    void regularizersAndConstraintsKeepTheirParameters() {
        assertThat(layers("regularizers").stream()
                        .flatMap(layer ->
                                Stream.of(((Dense) layer).kernelRegularizer(), ((Dense) layer).biasRegularizer())))
                .containsExactly(
                        // Keras 3 writes this default in single precision.
                        new Regularizer.L1(0.009999999776482582),
                        new Regularizer.L2(0.01),
                        new Regularizer.L1(0.5),
                        new Regularizer.L1L2(0.5, 0.0));
        assertThat(denseWith("kernel_constraint", json("'max_norm'")).kernelConstraint())
                .isEqualTo(new MaxNorm(2.0, new Axes(List.of(0))));
        assertThat(denseWith("kernel_regularizer", json("'l2'")).kernelRegularizer())
                .isEqualTo(new Regularizer.L2(0.01));
        assertThat(denseWith("kernel_regularizer", json("'l1_l2'")).kernelRegularizer())
                .isEqualTo(new Regularizer.L1L2(0.01, 0.01));
    }

    @Test
    void activationsAreReadByEachOfTheirNames() {
        assertThat(layers("activations").stream().map(LayerSpec::outputActivation))
                .containsExactly(
                        Activation.LINEAR,
                        Activation.RELU,
                        Activation.LEAKY_RELU,
                        Activation.ELU,
                        Activation.SELU,
                        Activation.GELU,
                        Activation.SIGMOID,
                        Activation.TANH,
                        Activation.SOFTPLUS,
                        Activation.SOFTSIGN,
                        Activation.SWISH,
                        Activation.SWISH,
                        Activation.SOFTMAX);
    }

    @Test
    void activationsAreReadAsFunctionObjects() {
        String function =
                "{'module': 'builtins', 'class_name': 'function', 'config': 'gelu', 'registered_name': 'function'}";

        assertThat(denseWith("activation", json(function)).activation()).isEqualTo(Activation.GELU);
    }

    @Test
    void activationLayersBecomeTheirFunctions() {
        assertThat(layers("activation_layers"))
                .containsExactly(
                        new ActivationLayer("relu", null, Activation.RELU),
                        new LeakyRelu("leaky", null, 0.125),
                        new ActivationLayer("elu", null, Activation.ELU),
                        new ActivationLayer("softmax", null, Activation.SOFTMAX));
    }

    @Test
    void layersOfPicturesKeepTheirParameters() {
        assertThat(layers("images"))
                .containsExactly(
                        new ZeroPadding2d("borders", null, new Borders(1, 2, 3, 4)),
                        new Conv2d(
                                "conv",
                                null,
                                8,
                                new Size2d(3, 5),
                                new Size2d(2, 1),
                                Padding.VALID,
                                new Size2d(1, 1),
                                Activation.SWISH,
                                true,
                                new Initializer.HeNormal(),
                                new Initializer.Ones(),
                                new Regularizer.L2(0.125),
                                new Regularizer.L1(0.25),
                                new MaxNorm(1.5, new Axes(List.of(0, 1, 2)))),
                        new Conv2d(
                                "dilated",
                                null,
                                8,
                                new Size2d(3, 3),
                                new Size2d(1, 1),
                                Padding.SAME,
                                new Size2d(2, 3),
                                Activation.LINEAR,
                                true,
                                GLOROT,
                                ZEROS,
                                null,
                                null,
                                null),
                        new MaxPooling2d("max", null, new Size2d(2, 3), new Size2d(2, 1), Padding.SAME),
                        new DepthwiseConv2d(
                                "depthwise",
                                null,
                                new Size2d(3, 3),
                                new Size2d(2, 2),
                                Padding.SAME,
                                2,
                                Activation.TANH,
                                false,
                                new Initializer.HeUniform(),
                                new Initializer.Ones(),
                                new Regularizer.L1(0.125),
                                new Regularizer.L2(0.25),
                                new MaxNorm(2.5, new Axes(List.of(0, 1)))),
                        new SeparableConv2d(
                                "separable",
                                null,
                                9,
                                new Size2d(3, 2),
                                new Size2d(1, 1),
                                Padding.SAME,
                                3,
                                Activation.ELU,
                                true,
                                new Initializer.LecunNormal(),
                                new Initializer.LecunUniform(),
                                ZEROS,
                                new Regularizer.L1(0.125),
                                new Regularizer.L2(0.25),
                                new Regularizer.L1L2(0.5, 0.25)),
                        new SpatialDropout2d("dropout", null, 0.2),
                        new UpSampling2d("up", null, new Size2d(2, 3)),
                        new AveragePooling2d("average", null, new Size2d(2, 2), new Size2d(2, 2), Padding.VALID),
                        new GlobalAveragePooling2d("global", null));
        assertThat(layers("global_max_2d")).containsExactly(new GlobalMaxPooling2d("global", null));
    }

    @Test
    void layersOfSequencesKeepTheirParameters() {
        assertThat(layers("sequences"))
                .containsExactly(
                        new Conv1d(
                                "conv",
                                null,
                                6,
                                3,
                                2,
                                Padding.SAME,
                                1,
                                Activation.RELU,
                                false,
                                new Initializer.HeNormal(),
                                new Initializer.Ones(),
                                new Regularizer.L2(0.125),
                                new Regularizer.L1(0.25),
                                new MaxNorm(1.5, new Axes(List.of(0, 1)))),
                        new Conv1d(
                                "dilated",
                                null,
                                6,
                                2,
                                1,
                                Padding.VALID,
                                2,
                                Activation.LINEAR,
                                true,
                                GLOROT,
                                ZEROS,
                                null,
                                null,
                                null),
                        new MaxPooling1d("max", null, 2, 1, Padding.SAME),
                        new AveragePooling1d("average", null, 3, 3, Padding.VALID),
                        new SpatialDropout1d("dropout", null, 0.1),
                        new GaussianNoise("noise", null, 0.25),
                        new GlobalMaxPooling1d("global", null));
        assertThat(layers("global_average_1d")).containsExactly(new GlobalAveragePooling1d("global", null));
    }

    @Test
    void normalizationsKeepTheirParameters() {
        assertThat(layers("normalization"))
                .containsExactly(
                        new BatchNormalization("batch", null, 0.9, 1e-5, false, true),
                        new LayerNormalization("layer", null, 1e-4, true, false),
                        new BatchNormalization("last", null, 0.99, 1e-3, true, true));
    }

    @Test
    void reshapingAndDroppingLayersKeepTheirParameters() {
        assertThat(layers("shapes"))
                .containsExactly(
                        new Reshape("reshape", null, List.of(3, -1)),
                        new Flatten("flatten", null),
                        new Dropout("dropout", null, 0.5));
    }

    @Test
    void embeddingsKeepTheirParametersAndTakeIntegers() {
        KerasJson.Parsed parsed = KerasJson.parse(keras3("embedding"));

        assertThat(parsed.inputShape()).isEqualTo(Shape.of(20));
        assertThat(parsed.layers())
                .containsExactly(new Embedding(
                        "embedding", null, 100, 8, new Initializer.RandomNormal(0.0, 0.1), new Regularizer.L2(0.0625)));
    }

    @Test
    void recurrentLayersKeepTheirParameters() {
        assertThat(layers("recurrent"))
                .containsExactly(
                        lstm("lstm", 4, false, true),
                        new Gru(
                                "gru",
                                null,
                                5,
                                Activation.SOFTSIGN,
                                Activation.TANH,
                                true,
                                false,
                                true,
                                false,
                                new Initializer.HeNormal(),
                                new Initializer.Orthogonal(0.5),
                                new Initializer.Ones(),
                                new Regularizer.L1(0.125),
                                new Regularizer.L2(0.25),
                                new Regularizer.L1L2(0.5, 0.25)),
                        plainGru("last", 6, false));
    }

    @Test
    void bidirectionalLayersKeepTheirParametersAndNotTheNamesOfTheirParts() {
        assertThat(layers("bidirectional"))
                .containsExactly(
                        new Bidirectional("concat", null, lstm(null, 4, true, false), Bidirectional.Merge.CONCAT),
                        new Bidirectional("sum", null, plainGru(null, 5, true), Bidirectional.Merge.SUM),
                        new Bidirectional("mul", null, plainLstm(5, true), Bidirectional.Merge.MUL),
                        new Bidirectional("ave", null, plainLstm(2, false), Bidirectional.Merge.AVE));
    }

    @Test
    void aDenseLayerInEachStepIsTheDenseLayer() {
        assertThat(layers("time_distributed"))
                .containsExactly(new Dense(
                        "steps", null, 4, Activation.RELU, true, new Initializer.HeNormal(), ZEROS, null, null, null));
    }

    @Test
    void eachLayerTakesTheShapeThatKerasBuiltItFor() {
        KERAS_3.forEach((name, json) -> {
            if (name.startsWith("refused") || name.equals("unbuilt")) {
                return;
            }
            KerasJson.Parsed parsed = KerasJson.parse(json);
            NetworkGraph graph =
                    NetworkGraph.of(NetworkSpec.of(Objects.requireNonNull(parsed.inputShape()), parsed.layers()));
            for (int i = 0; i < graph.nodes().size(); i++) {
                JsonNode built = json.at("/config/layers/" + (i + 1) + "/build_config/input_shape");
                if (!built.isMissingNode()) {
                    List<Integer> shape =
                            built.valueStream().skip(1).map(JsonNode::intValue).toList();
                    assertThat(graph.nodes().get(i).inputShape())
                            .as(name + " " + graph.nodes().get(i).name())
                            .isEqualTo(new Shape(shape));
                }
            }
        });
    }

    @Test
    void layersThatAreNotTrainableAreFrozen() {
        assertThat(KerasJson.parse(keras3("frozen_layers")).freeze()).containsExactly("first", "third");
        assertThat(KerasJson.parse(keras3("frozen_model")).freeze()).containsExactly("first", "second");
    }

    @Test
    void theInputShapeIsTakenFromWhereverKerasWritesIt() {
        assertThat(KerasJson.parse(keras3("unbuilt")).inputShape()).isNull();
        assertThat(KerasJson.parse(keras3("built_later")).inputShape()).isEqualTo(Shape.of(6));
        for (String place : List.of(
                "config/build_input_shape",
                "build_config/input_shape",
                "config/layers/0/config/batch_input_shape",
                "config/layers/0/build_config/input_shape")) {
            JsonNode model = keras3("unbuilt");
            set(model, place, json("[null, 7]"));
            assertThat(KerasJson.parse(model).inputShape()).as(place).isEqualTo(Shape.of(7));
        }
    }

    @Test
    void modelsOfTheFirstKeras2AreAPlainListOfLayers() {
        JsonNode model = json("""
                {'keras_version': '2.0.8', 'class_name': 'Sequential', 'backend': 'tensorflow', 'config': [
                 {'class_name': 'Embedding', 'config': {'activity_regularizer': null, 'dtype': 'int32', 'trainable': true,
                  'embeddings_constraint': null, 'output_dim': 8, 'embeddings_initializer':
                  {'class_name': 'RandomUniform', 'config': {'minval': -0.05, 'maxval': 0.05, 'seed': null}},
                  'embeddings_regularizer': null, 'input_dim': 100, 'batch_input_shape': [null, 50], 'mask_zero': false,
                  'name': 'embedding_1', 'input_length': 50}},
                 {'class_name': 'Dropout', 'config': {'name': 'dropout_1', 'trainable': true, 'rate': 0.5}},
                 {'class_name': 'BatchNormalization', 'config': {'beta_constraint': null, 'gamma_initializer':
                  {'class_name': 'Ones', 'config': {}}, 'moving_mean_initializer': {'class_name': 'Zeros', 'config': {}},
                  'name': 'batch_normalization_1', 'epsilon': 0.001, 'trainable': true, 'moving_variance_initializer':
                  {'class_name': 'Ones', 'config': {}}, 'beta_initializer': {'class_name': 'Zeros', 'config': {}},
                  'scale': true, 'axis': -1, 'gamma_constraint': null, 'gamma_regularizer': null,
                  'beta_regularizer': null, 'momentum': 0.99, 'center': true}},
                 {'class_name': 'Flatten', 'config': {'name': 'flatten_1', 'trainable': false}},
                 {'class_name': 'Dense', 'config': {'name': 'dense_1', 'trainable': true, 'units': 10,
                  'activation': 'softmax', 'use_bias': true, 'kernel_initializer': {'class_name': 'VarianceScaling',
                  'config': {'scale': 1.0, 'mode': 'fan_avg', 'distribution': 'uniform', 'seed': null}},
                  'bias_initializer': {'class_name': 'Zeros', 'config': {}}, 'kernel_regularizer':
                  {'class_name': 'L1L2', 'config': {'l1': 0.0, 'l2': 0.0005000000237487257}},
                  'bias_regularizer': null, 'activity_regularizer': null, 'kernel_constraint': null,
                  'bias_constraint': null}}]}
                """);

        assertThat(KerasJson.parse(model))
                .isEqualTo(new KerasJson.Parsed(
                        Shape.of(50),
                        List.of(
                                new Embedding(
                                        "embedding_1", null, 100, 8, new Initializer.RandomUniform(-0.05, 0.05), null),
                                new Dropout("dropout_1", null, 0.5),
                                new BatchNormalization("batch_normalization_1", null, 0.99, 1e-3, true, true),
                                new Flatten("flatten_1", null),
                                new Dense(
                                        "dense_1",
                                        null,
                                        10,
                                        Activation.SOFTMAX,
                                        true,
                                        GLOROT,
                                        ZEROS,
                                        new Regularizer.L1L2(0.0, 0.0005000000237487257),
                                        null,
                                        null)),
                        List.of("flatten_1")));
    }

    @Test
    void whatDoesNotChangeTheNetworkIsPassedOver() {
        JsonNode model = keras3("recurrent");
        for (String key : List.of("implementation", "use_cudnn", "unroll", "zero_output_for_mask", "seed")) {
            set(model, "config/layers/1/config/" + key, json("true"));
        }
        set(model, "config/layers/1/config/dtype", json("{'class_name': 'Policy', 'config': {'name': 'float32'}}"));

        assertThat(KerasJson.parse(model)).isEqualTo(KerasJson.parse(keras3("recurrent")));
    }

    // What is refused

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        groups | 0/config/groups | layer 'x' (Conv2D): groups 2 is not supported; only 1 is
        channels_first | 0/config/data_format | layer 'x' (Conv2D): data_format 'channels_first' is not supported; only 'channels_last' is
        causal | 0/config/padding | layer 'x' (Conv1D): padding 'causal' is not supported; supported: valid, same
        activity_regularizer | 0/config/activity_regularizer | layer 'x' (Conv2D): activity_regularizer L2 is not supported
        dense_activity_regularizer | 0/config/activity_regularizer | layer 'x' (Dense): activity_regularizer L2 is not supported
        non_negative | 0/config/kernel_constraint/class_name | layer 'x' (Dense): kernel_constraint: class_name 'NonNeg' is not supported; supported: MaxNorm
        bias_constraint | 0/config/bias_constraint | layer 'x' (Dense): bias_constraint MaxNorm is not supported
        constraint_axis | 0/config/kernel_constraint/config/axis | layer 'x' (Dense): kernel_constraint: axis must be one or more different axes
        recurrent_constraint | 0/config/recurrent_constraint | layer 'x' (LSTM): recurrent_constraint MaxNorm is not supported
        embedding_constraint | 0/config/embeddings_constraint | layer 'x' (Embedding): embeddings_constraint MaxNorm is not supported
        separable_constraint | 0/config/pointwise_constraint | layer 'x' (SeparableConv2D): pointwise_constraint MaxNorm is not supported
        depthwise_dilation | 0/config/dilation_rate | layer 'x' (DepthwiseConv2D): dilation_rate [2,2] is not supported; only 1 is
        separable_dilation | 0/config/dilation_rate | layer 'x' (SeparableConv2D): dilation_rate [1,2] is not supported; only 1 is
        lstm_dropout | 0/config/dropout | layer 'x' (LSTM): dropout 0.1 is not supported; only 0 is
        lstm_recurrent_dropout | 0/config/recurrent_dropout | layer 'x' (LSTM): recurrent_dropout 0.1 is not supported; only 0 is
        stateful | 0/config/stateful | layer 'x' (GRU): stateful true is not supported; only false is
        return_state | 0/config/return_state | layer 'x' (GRU): return_state true is not supported; only false is
        mask_zero | 0/config/mask_zero | layer 'x' (Embedding): mask_zero true is not supported; only false is
        batch_axis | 0/config/axis | layer 'x' (BatchNormalization): axis 1 is not supported where the model has no input shape; only -1, the last, is
        batch_synchronized | 0/config/synchronized | layer 'x' (BatchNormalization): synchronized true is not supported; only false is
        batch_renorm | 0/config/renorm | layer 'x' (BatchNormalization): renorm true is not supported; only false is
        batch_beta | 0/config/beta_initializer | layer 'x' (BatchNormalization): beta_initializer Ones is not supported; only Zeros is
        batch_moving | 0/config/moving_variance_initializer | layer 'x' (BatchNormalization): moving_variance_initializer Zeros is not supported; only Ones is
        batch_gamma_regularizer | 0/config/gamma_regularizer | layer 'x' (BatchNormalization): gamma_regularizer L2 is not supported
        batch_beta_constraint | 0/config/beta_constraint | layer 'x' (BatchNormalization): beta_constraint MaxNorm is not supported
        first_axis | 1/config/axis | layer 'x' (BatchNormalization): axis 1 is not supported; only -1, the last, is
        layer_axes | 0/config/axis | layer 'x' (LayerNormalization): axis [1,2] is not supported; only -1, the last, is
        layer_rms | 0/config/rms_scaling | layer 'x' (LayerNormalization): rms_scaling true is not supported; only false is
        keepdims | 0/config/keepdims | layer 'x' (GlobalMaxPooling2D): keepdims true is not supported; only false is
        mixed_precision | 0/config/dtype/config/name | layer 'x' (Dense): dtype: name 'mixed_float16' is not supported; only 'float32' is
        double_precision | 0/config/dtype/config/name | layer 'x' (Dense): dtype: name 'float64' is not supported; only 'float32' is
        half_precision_input | 0/config/dtype | (InputLayer): dtype 'float16' is not supported; only 'float32' is
        sparse_input | 0/config/sparse | (InputLayer): sparse true is not supported; only false is
        variable_length | 0/config/batch_shape | (InputLayer): batch_shape [null,null,3] leaves a length open; give the model a fixed one
        scalar_input | 0/config/batch_shape | (InputLayer): batch_shape [null] is not supported: a shape has one to four dimensions
        relu6 | 0/config/max_value | layer 'x' (ReLU): max_value 6.0 is not supported
        relu_slope | 0/config/negative_slope | layer 'x' (ReLU): negative_slope 0.1 is not supported; only 0 is
        relu_threshold | 0/config/threshold | layer 'x' (ReLU): threshold 1.0 is not supported; only 0 is
        elu_alpha | 0/config/alpha | layer 'x' (ELU): alpha 0.5 is not supported; only 1 is
        prelu | 0/class_name | layer 'x' (PReLU) is not supported; supported: Activation, AveragePooling1D
        softmax_axis | 0/config/axis | layer 'x' (Softmax): axis 1 is not supported
        bilinear | 0/config/interpolation | layer 'x' (UpSampling2D): interpolation 'bilinear' is not supported; only 'nearest' is
        noise_shape | 0/config/noise_shape | layer 'x' (Dropout): noise_shape [1,4] is not supported
        all_dropped | 0/config/rate | layer 'x' (Dropout): rate must be at least 0.0 and less than 1.0, was 1.0
        hard_sigmoid | 0/config/activation | layer 'x' (Activation): activation 'hard_sigmoid' is not supported; supported: linear, relu
        activation_layer | 0/config/activation/class_name | layer 'x' (Dense): activation: class_name 'LeakyReLU' is not the name of a function
        identity | 0/config/kernel_initializer/class_name | layer 'x' (Dense): kernel_initializer: class_name 'Identity' is not supported
        constant_array | 0/config/kernel_initializer/config/value | layer 'x' (Dense): kernel_initializer: value must be a number, was [1.0,2.0]
        initializer_axes | 0/config/kernel_initializer/config/input_axes | layer 'x' (Dense): kernel_initializer: input_axes [0] is not supported
        orthogonal_regularizer | 0/config/kernel_regularizer/class_name | layer 'x' (Dense): kernel_regularizer: class_name 'OrthogonalRegularizer' is not supported
        lora | 1/config/lora_rank | layer 'x' (Dense): lora_rank 2 is not supported
        rescaling | 0/class_name | layer 'x' (Rescaling) is not supported
        time_distributed | 0/config/layer/class_name | layer 'conv2d' (Conv2D) in layer 'x' (TimeDistributed) is not supported; only Dense is
        bidirectional_rnn | 0/config/layer/class_name | layer 'forward_rnn' (RNN) in layer 'x' (Bidirectional) is not supported; only LSTM and GRU are
        bidirectional_backwards | 0/config/layer/config/go_backwards | (LSTM) in layer 'x' (Bidirectional): go_backwards must be false in this direction
        bidirectional_other | 0/config/backward_layer | layer 'x' (Bidirectional): backward_layer differs from 'layer'
        bidirectional_pair | 0/config/merge_mode | layer 'x' (Bidirectional): merge_mode null is not supported
        nested | 0/class_name | layer 'x' (Sequential) is a model of its own; its layers can stand in the Sequential instead
        custom_function | 0/config/activation/config | layer 'x' (Dense): activation: config 'my_function' is not supported
        custom_initializer | 0/config/kernel_initializer/module | layer 'x' (Dense): kernel_initializer: module 'builtins' is not Keras' own; custom code is not read
        lambda | 0/class_name | layer 'x' (Lambda) holds code, which is never run
        registered | 0/registered_name | layer 'x' (Registered) is of a custom class; only Keras' own are read
        namesake | 0/registered_name | layer 'x' (Dense) is of a custom class; only Keras' own are read
        """)
    void whatThisServiceDoesNotHaveIsRefusedWithItsPlace(String name, String pointer, String detail) {
        assertRefused(keras3("refused_" + name), ROOT + "/config/layers/" + pointer, detail);
    }

    @Test
    void branchingModelsAreRefusedWithAdvice() {
        assertRefused(
                keras3("refused_functional"),
                ROOT + "/class_name",
                "the Keras model: class_name 'Functional' is not supported; only Sequential is read, and a network with"
                        + " branches can be posted as 'layers' with 'inputs'");
    }

    /** The last column replaces what stands at the pointer; {@code -} deletes it. */
    @ParameterizedTest(name = "{1} = {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        recurrent | config/layers/1/config/time_major | true | layer 'lstm' (LSTM): time_major true is not supported
        recurrent | config/layers/1/config/recurrent_activation | 'hard_sigmoid' | layer 'lstm' (LSTM): recurrent_activation 'hard_sigmoid' is not supported
        recurrent | config/layers/2/config/reset_after | - | layer 'gru' (GRU): reset_after is required
        normalization | config/layers/1/config/virtual_batch_size | 4 | layer 'batch' (BatchNormalization): virtual_batch_size 4 is not supported
        normalization | config/layers/1/config/axis | 'last' | layer 'batch' (BatchNormalization): axis must be an integer, was 'last'
        normalization | config/layers/1/config/axis | -2 | layer 'batch' (BatchNormalization): axis -2 is not supported
        embedding | config/layers/1/config/sparse | true | layer 'embedding' (Embedding): sparse true is not supported
        embedding | config/layers/0/config/dtype | 'string' | (InputLayer): dtype 'string' is not supported
        images | config/layers/6/config/kernel_size | [3] | layer 'separable' (SeparableConv2D): kernel_size must be an integer or [height, width], was [3]
        images | config/layers/2/config/kernel_size | [0, 3] | layer 'conv' (Conv2D): kernel_size must be from 1 to 1024, was [0, 3]
        images | config/layers/2/config/kernel_size | 'wide' | layer 'conv' (Conv2D): kernel_size must be an integer or [height, width]
        images | config/layers/2/config/filters | -3 | layer 'conv' (Conv2D): filters must be from 1 to 65536, was -3
        images | config/layers/2/config/filters | 1e400 | layer 'conv' (Conv2D): filters must be an integer
        images | config/layers/2/config/filters | 99999999999999999999999 | layer 'conv' (Conv2D): filters must be an integer, was 99999999999999999999999
        images | config/layers/2/config/filters | '12' | layer 'conv' (Conv2D): filters must be an integer, was '12'
        images | config/layers/2/config/filters | 12.5 | layer 'conv' (Conv2D): filters must be an integer, was 12.5
        images | config/layers/2/config/filters | null | layer 'conv' (Conv2D): filters is required
        images | config/layers/2/config/padding | 3 | layer 'conv' (Conv2D): padding must be a string, was 3
        images | config/layers/2/config/use_bias | 'yes' | layer 'conv' (Conv2D): use_bias must be true or false, was 'yes'
        images | config/layers/1/config/padding | [[1, 2], 3, 4] | layer 'borders' (ZeroPadding2D): padding must be an integer, [height, width]
        images | config/layers/2/config/strides | [2, 2, 2] | layer 'conv' (Conv2D): strides must be an integer or [height, width]
        sequences | config/layers/1/config/kernel_size | [3, 3] | layer 'conv' (Conv1D): kernel_size must be an integer, was [3,3]
        shapes | config/layers/1/config/target_shape | [3, null] | layer 'reshape' (Reshape): target_shape must be an integer, was null
        shapes | config/layers/1/config/target_shape | [-1, -1] | layer 'reshape' (Reshape): target_shape must hold one to four sizes
        shapes | config/layers/3/config/rate | 1e400 | layer 'dropout' (Dropout): rate must be at least 0.0 and less than 1.0, was Infinity
        shapes | config/layers/3/config/rate | - | layer 'dropout' (Dropout): rate is required
        shapes | config/layers/3/config/name | 'flatten' | layer 'flatten' (Dropout): name is already used
        shapes | config/layers/3/config/name | 'input' | layer 'input' (Dropout): name is already used
        shapes | config/layers/3/config/name | '' | a layer without a name (Dropout): name must have from 1 to 100 characters
        shapes | config/layers/3/config/name | 7 | a layer without a name (Dropout): name must be a string, was 7
        shapes | config/layers/3/config/trainable | 1 | layer 'dropout' (Dropout): trainable must be true or false, was 1
        shapes | config/layers/3/class_name | - | layer 'dropout': class_name is required
        shapes | config/layers/3/class_name | ['Dropout'] | layer 'dropout': class_name must be a string
        shapes | config/layers/3/class_name | 'my_package>Dropout' | layer 'dropout' (my_package>Dropout) is of a custom class
        shapes | config/layers/3/class_name | 'InputLayer' | layer 'dropout' (InputLayer) is not supported
        shapes | config/layers/3/module | 'keras_contrib.layers' | layer 'dropout' (Dropout): module 'keras_contrib.layers' is not Keras' own
        shapes | config/layers/3/module | 'os' | layer 'dropout' (Dropout): module 'os' is not Keras' own
        shapes | config/layers/3/registered_name | 'my_package>Dropout' | layer 'dropout' (Dropout) is of a custom class
        shapes | config/layers/3/config | - | a layer without a name (Dropout): config is required
        shapes | config/layers/3/config | [] | a layer without a name (Dropout) must be a JSON object, was []
        shapes | config/layers/3 | 'dropout' | a layer without a name must be a JSON object, was 'dropout'
        shapes | config/layers/0/config/batch_shape | [null, 4, 0] | (InputLayer): batch_shape [null,4,0] is not supported: every dimension must be at least 1
        shapes | config/layers/0/config/batch_shape | [null, 4, 99999999] | (InputLayer): batch_shape [null,4,99999999] is not supported: a shape holds at most
        shapes | config/layers/0/config/batch_shape | {} | (InputLayer): batch_shape must be an array
        shapes | config/layers/0/config/batch_shape | ['all', 4] | (InputLayer): batch_shape must be an integer, was 'all'
        shapes | config/layers/0/config/batch_shape | [] | (InputLayer): batch_shape must be an array
        shapes | config/layers/0/config/batch_shape | [null, '4'] | (InputLayer): batch_shape must be an integer, was '4'
        shapes | config/layers | {} | the Keras model: layers must be an array, was {}
        shapes | config/layers | [] | the Keras model: layers must hold at least one layer
        shapes | config/layers | - | the Keras model: layers is required
        shapes | config | 'x' | the Keras model must be a JSON object, was 'x'
        shapes | config | - | the Keras model: config is required
        shapes | config/dtype | 'float16' | the Keras model: dtype 'float16' is not supported
        shapes | class_name | - | the Keras model: class_name is required
        shapes | class_name | 'Model' | the Keras model: class_name 'Model' is not supported; only Sequential is read
        shapes | class_name | 'MyModel' | the Keras model: class_name 'MyModel' is not supported; only Sequential is read
        shapes | module | 'mine' | the Keras model: module 'mine' is not Keras' own
        activation_layers | config/layers/2/config/negative_slope | 1 | layer 'leaky' (LeakyReLU): negative_slope must be at least 0.0 and less than 1.0, was 1.0
        bidirectional | config/layers/1/config/merge_mode | 'max' | layer 'concat' (Bidirectional): merge_mode 'max' is not supported; supported: concat, sum, mul, ave
        bidirectional | config/layers/1/config/layer/config/trainable | false | (LSTM) in layer 'concat' (Bidirectional): trainable false is not supported here; the whole layer can be frozen
        bidirectional | config/layers/1/config/layer | - | layer 'concat' (Bidirectional): layer is required
        time_distributed | config/layers/1/config/layer/config/units | 0 | layer 'dense' (Dense) in layer 'steps' (TimeDistributed): units must be from 1
        initializers | config/layers/4/config/kernel_initializer/config/stddev | -1 | layer 'd3' (Dense): kernel_initializer: stddev must be at least 0.0
        initializers | config/layers/4/config/kernel_initializer | 'mine' | layer 'd3' (Dense): kernel_initializer 'mine' is not supported; supported: constant
        initializers | config/layers/4/config/kernel_initializer | [] | layer 'd3' (Dense): kernel_initializer must be a JSON object, was []
        initializers | config/layers/4/config/kernel_initializer | null | layer 'd3' (Dense): kernel_initializer is required
        initializers | config/layers/4/config/kernel_initializer/registered_name | 'mine>RandomNormal' | layer 'd3' (Dense): kernel_initializer is of a custom class
        initializers | config/layers/14/config/kernel_initializer/config/mode | 'fan_sum' | layer 'd13' (Dense): kernel_initializer: mode 'fan_sum' is not supported; supported: fan_in, fan_out, fan_avg
        initializers | config/layers/4/config/kernel_initializer/config/stddev | - | layer 'd3' (Dense): kernel_initializer: stddev is required
        dense | config/layers/1/config/kernel_constraint/config/axis | - | layer 'd' (Dense): kernel_constraint: axis is required
        dense | config/layers/1/config/kernel_regularizer/config/l2 | - | layer 'd' (Dense): kernel_regularizer: l2 is required
        dense | config/layers/1/config/kernel_constraint/config/max_value | 0 | layer 'd' (Dense): kernel_constraint: max_value must be greater than 0
        dense | config/layers/1/config/kernel_regularizer/config/l1 | -1 | layer 'd' (Dense): kernel_regularizer: l1 must be at least 0.0
        dense | config/layers/1/config/activation | {'class_name': '__lambda__', 'config': {'value': ['4wEAAAA=', null, null]}} | layer 'd' (Dense): activation: class_name '__lambda__' is not the name of a function
        dense | config/layers/1/config/activation | {'module': 'mine', 'class_name': 'function', 'config': 'relu'} | layer 'd' (Dense): activation: module 'mine' is not supported
        dense | config/layers/1/config/activation | {'class_name': 'function', 'config': 'relu', 'registered_name': 'mine>relu'} | layer 'd' (Dense): activation: registered_name 'mine>relu' is not supported
        """)
    void aWrongValueIsRefusedWithItsPlace(String name, String pointer, String value, String detail) {
        JsonNode model = keras3(name);
        set(model, pointer, value.equals("-") ? null : json(value));

        ProblemException problem = refusal(model);
        assertThat(problem.detail()).contains(detail);
        assertThat(pointer(problem)).startsWith(ROOT + "/" + pointer);
    }

    @Test
    void valuesThatDoNotGoTogetherAreRefused() {
        JsonNode convolution = keras3("images");
        set(convolution, "config/layers/3/config/strides", json("[2, 2]"));
        assertRefused(
                convolution,
                ROOT + "/config/layers/3/config/dilation_rate",
                "layer 'dilated' (Conv2D): dilation_rate cannot be above 1 together with strides above 1");

        JsonNode bidirectional = keras3("bidirectional");
        set(bidirectional, "config/layers/1/config/backward_layer/config/units", json("5"));
        assertRefused(
                bidirectional,
                ROOT + "/config/layers/1/config/backward_layer",
                "layer 'concat' (Bidirectional): backward_layer differs from 'layer', which is not supported");
    }

    @Test
    void nothingThatIsMarkedAsRefusedIsRead() {
        assertThat(KERAS_3.keySet().stream().filter(name -> name.startsWith("refused")))
                .hasSizeGreaterThan(50)
                .allSatisfy(name -> refusal(keras3(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "config/",
                "config/dtype/",
                "config/dtype/config/",
                "config/layers/0/",
                "config/layers/0/config/",
                "config/layers/1/",
                "config/layers/1/config/",
                "config/layers/1/config/dtype/",
                "config/layers/1/config/dtype/config/",
                "config/layers/1/config/kernel_initializer/",
                "config/layers/1/config/kernel_initializer/config/",
                "config/layers/1/config/kernel_regularizer/",
                "config/layers/1/config/kernel_regularizer/config/",
                "config/layers/1/config/kernel_constraint/",
                "config/layers/1/config/kernel_constraint/config/"
            })
    void anUnknownFieldIsRefusedWhereverItStands(String place) {
        JsonNode model = keras3("dense");
        set(model, place + "new~field", json("null"));

        assertRefused(model, ROOT + "/" + place + "new~0field", "new~field is not a field that is known here");
    }

    @Test
    void anUnknownParameterIsRefusedInEveryLayer() {
        supported().forEach(json -> layersOf(json).forEach(layer -> {
            JsonNode model = json.deepCopy();
            set(model, layer + "/config/new_parameter", json("0"));

            ProblemException problem = refusal(model);
            JsonNode config = model.at("/" + layer + "/config");
            assertThat(pointer(problem)).isEqualTo(ROOT + "/" + layer + "/config/new_parameter");
            assertThat(problem.detail())
                    .contains(config.get("name").stringValue())
                    .contains(model.at("/" + layer + "/class_name").stringValue())
                    .endsWith(": new_parameter is not a field that is known here");
        }));
    }

    @Test
    void aParameterThatIsLeftOutNeverChangesTheNetworkInSilence() {
        supported().forEach(json -> layersOf(json).forEach(layer -> {
            for (String key : json.at("/" + layer + "/config").propertyNames()) {
                // Without these Keras, too, has none, and makes a name of its own.
                if (key.endsWith("_regularizer") || key.endsWith("_constraint") || key.equals("name")) {
                    continue;
                }
                JsonNode model = json.deepCopy();
                set(model, layer + "/config/" + key, null);
                try {
                    assertThat(KerasJson.parse(model).layers())
                            .as(layer + " without " + key)
                            .isEqualTo(KerasJson.parse(json).layers());
                } catch (ProblemException refused) {
                    String asked = key.equals("alpha") ? "negative_slope" : key;
                    assertThat(pointer(refused)).isEqualTo(ROOT + "/" + layer + "/config/" + asked);
                    assertThat(refused.detail()).endsWith(": " + asked + " is required");
                }
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "{",
                "3",
                "null",
                "[]",
                "\"Sequential\"",
                "{} {}",
                "{\"class_name\": NaN}",
                "{\"class_name\": \"Sequential\", \"class_name\": \"Sequential\"}"
            })
    void textThatDoesNotHoldAModelIsRefused(String text) {
        JsonNode json = JSON.getNodeFactory().stringNode(text);

        assertThat(pointer(refusal(json))).isEqualTo(ROOT);
    }

    @Test
    void textThatIsNestedTooDeeplyIsRefused() {
        String text = "{\"class_name\": \"Sequential\", \"config\": " + "[".repeat(100_000);

        assertThat(pointer(refusal(JSON.getNodeFactory().stringNode(text)))).isEqualTo(ROOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "3", "[]", "{}", "[{}]"})
    void jsonThatIsNoModelIsRefused(String text) {
        assertThat(pointer(refusal(json(text)))).startsWith(ROOT);
    }

    @Test
    void errorsStayShortAndCanBeWrittenWhateverTheModelHolds() {
        for (String text : List.of("x".repeat(100_000), "\ud83d\ude00".repeat(1000), "\ud83d", "\u0000")) {
            for (String place : List.of("name", "padding", "filters", "kernel_initializer", text)) {
                JsonNode model = keras3("images");
                ((ObjectNode) model.at("/config/layers/2/config"))
                        .set(place, JSON.getNodeFactory().stringNode(text));

                String detail = detailOrNone(model);
                assertThat(detail).hasSizeLessThan(600);
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(detail))
                        .isTrue();
            }
        }
    }

    @Test
    void aDamagedModelIsReadOrRefusedAndNothingElse() {
        Random random = new Random(42);
        List<JsonNode> models = Stream.concat(KERAS_3.values().stream(), keras2().map(model -> model.get("json")))
                .toList();
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 6_000; i++) {
            JsonNode model = models.get(random.nextInt(models.size())).deepCopy();
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                damage(model, models, random);
            }
            JsonNode posted = random.nextInt(10) == 0 ? JSON.getNodeFactory().stringNode(model.toString()) : model;
            try {
                KerasJson.Parsed parsed = KerasJson.parse(posted);
                assertThat(parsed.layers()).isNotEmpty().doesNotContainNull();
                read++;
            } catch (ProblemException problem) {
                assertThat(problem.type()).isEqualTo(ProblemType.INVALID_NETWORK);
                assertThat(problem.errors()).hasSize(1);
                assertThat(pointer(problem)).startsWith(ROOT);
                refused++;
            }
        }
        assertThat(read).isGreaterThan(300);
        assertThat(refused).isGreaterThan(300);
    }

    /** Deletes a random node, or puts another value or a part of another model in its place. */
    private static void damage(JsonNode model, List<JsonNode> models, Random random) {
        List<String> places = new ArrayList<>();
        collect(model, "", places);
        if (places.isEmpty()) {
            return;
        }
        String place = places.get(random.nextInt(places.size()));
        switch (random.nextInt(4)) {
            case 0 -> set(model, place, null);
            case 1 -> {
                JsonNode other = models.get(random.nextInt(models.size()));
                List<String> parts = new ArrayList<>();
                collect(other, "", parts);
                set(
                        model,
                        place,
                        other.at("/" + parts.get(random.nextInt(parts.size()))).deepCopy());
            }
            default -> set(model, place, WEIRD.get(random.nextInt(WEIRD.size())).deepCopy());
        }
    }

    private static final List<JsonNode> WEIRD = Stream.of(
                    "null",
                    "true",
                    "false",
                    "-1",
                    "0",
                    "1",
                    "2147483648",
                    "99999999999999999999999999",
                    "0.5",
                    "1e400",
                    "-1e400",
                    "''",
                    "'x'",
                    "'Lambda'",
                    "'\\ud800'",
                    "[]",
                    "[[]]",
                    "[null]",
                    "[1, -1]",
                    "[4194305, 1024, 1]",
                    "[4194304, 2097152, 2097152, -1]",
                    "{}",
                    "{'class_name': 'Zeros', 'config': {}}",
                    "{'class_name': {}}",
                    "[".repeat(200) + "]".repeat(200))
            .map(KerasJsonTest::json)
            .toList();

    private static void collect(JsonNode node, String place, List<String> places) {
        if (!place.isEmpty()) {
            places.add(place.substring(1));
        }
        if (node.isObject()) {
            for (String key : node.propertyNames()) {
                if (!key.contains("/") && !key.contains("~")) {
                    collect(node.get(key), place + "/" + key, places);
                }
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), place + "/" + i, places);
        }
    }

    // What the tests are made of

    private static LayerSpec convolution(String name, int filters, int kernel, int strides) {
        return new Conv2d(
                name,
                null,
                filters,
                new Size2d(kernel, kernel),
                new Size2d(strides, strides),
                Padding.SAME,
                new Size2d(1, 1),
                Activation.LINEAR,
                false,
                GLOROT,
                ZEROS,
                null,
                null,
                null);
    }

    private static LayerSpec batchNormalization(String name) {
        return new BatchNormalization(name, null, 0.99, 1e-3, false, true);
    }

    private static LayerSpec dense(String name, int units, Activation activation, boolean useBias) {
        return new Dense(name, null, units, activation, useBias, GLOROT, ZEROS, null, null, null);
    }

    private static Lstm lstm(@Nullable String name, int units, boolean unitForgetBias, boolean goBackwards) {
        return new Lstm(
                name,
                null,
                units,
                Activation.SOFTSIGN,
                Activation.SIGMOID,
                true,
                unitForgetBias,
                true,
                goBackwards,
                new Initializer.HeNormal(),
                new Initializer.Orthogonal(0.5),
                new Initializer.Ones(),
                new Regularizer.L1(0.125),
                new Regularizer.L2(0.25),
                new Regularizer.L1L2(0.5, 0.25));
    }

    private static Lstm plainLstm(int units, boolean returnSequences) {
        return new Lstm(
                null,
                null,
                units,
                Activation.TANH,
                Activation.SIGMOID,
                true,
                true,
                returnSequences,
                false,
                GLOROT,
                new Initializer.Orthogonal(1.0),
                ZEROS,
                null,
                null,
                null);
    }

    private static Gru plainGru(@Nullable String name, int units, boolean returnSequences) {
        return new Gru(
                name,
                null,
                units,
                Activation.TANH,
                Activation.SIGMOID,
                true,
                true,
                returnSequences,
                false,
                GLOROT,
                new Initializer.Orthogonal(1.0),
                ZEROS,
                null,
                null,
                null);
    }

    private static Dense denseWith(String key, JsonNode value) {
        JsonNode model = keras3("dense");
        set(model, "config/layers/1/config/" + key, value);
        return (Dense) KerasJson.parse(model).layers().get(0);
    }

    private static List<LayerSpec> layers(String name) {
        return KerasJson.parse(keras3(name)).layers();
    }

    private static void assertRefused(JsonNode model, String pointer, String detail) {
        ProblemException problem = refusal(model);
        assertThat(problem.detail()).contains(detail);
        assertThat(pointer(problem)).isEqualTo(pointer);
        assertThat(problem.errors().get(0).detail()).isEqualTo(problem.detail());
    }

    private static ProblemException refusal(JsonNode model) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> KerasJson.parse(model));
        assertThat(problem).as("refusal").isNotNull();
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_NETWORK);
        assertThat(problem.errors()).hasSize(1);
        return problem;
    }

    private static String detailOrNone(JsonNode model) {
        try {
            KerasJson.parse(model);
            return "";
        } catch (ProblemException problem) {
            return problem.detail();
        }
    }

    private static String pointer(ProblemException problem) {
        return problem.errors().get(0).pointer();
    }

    /** Sets or, where the value is null, deletes what stands at a place. */
    private static void set(JsonNode model, String place, @Nullable JsonNode value) {
        int slash = place.lastIndexOf('/');
        String key = place.substring(slash + 1);
        if (slash > 0 && model.at("/" + place.substring(0, slash)).isMissingNode()) {
            set(model, place.substring(0, slash), JSON.createObjectNode());
        }
        JsonNode parent = slash < 0 ? model : model.at("/" + place.substring(0, slash));
        if (parent instanceof ArrayNode array && value == null) {
            array.remove(Integer.parseInt(key));
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), value);
        } else if (value == null) {
            ((ObjectNode) parent).remove(key);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
    }

    /** The places of a model's layers, without its input. */
    private static Stream<String> layersOf(JsonNode model) {
        JsonNode layers = model.at("/config/layers");
        return IntStream.range(0, layers.size())
                .filter(i -> !layers.get(i).get("class_name").stringValue().equals("InputLayer"))
                .mapToObj(i -> "config/layers/" + i);
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static JsonNode keras3(String name) {
        return Objects.requireNonNull(KERAS_3.get(name), name).deepCopy();
    }

    private static Stream<JsonNode> keras2(String name) {
        return keras2().filter(model -> model.get("name").stringValue().equals(name))
                .map(model -> model.get("json"));
    }

    /** Every model that is read, in every form. */
    private static Stream<JsonNode> supported() {
        return Stream.concat(
                KERAS_3.entrySet().stream()
                        .filter(model -> !model.getKey().startsWith("refused"))
                        .map(Map.Entry::getValue),
                keras2().map(model -> model.get("json")));
    }

    private static Map<String, JsonNode> keras3() {
        Map<String, JsonNode> models = new LinkedHashMap<>();
        fixtures("models-3.json").forEach(model -> models.put(model.get("name").stringValue(), model.get("json")));
        return models;
    }

    private static Stream<JsonNode> fixtures(String file) {
        try (InputStream in = KerasJsonTest.class.getResourceAsStream("/keras/" + file)) {
            return JSON.readTree(in).valueStream().toList().stream();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
