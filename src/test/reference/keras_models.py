"""Writes ../resources/keras/models-3.json: what Keras 3's `model.to_json()` writes for Sequential models.

A list of {"name", "json"}. Models whose name begins with "refused" hold something that the service does not have. Run by
hand, with Keras 3 on TensorFlow:

    pip install keras tensorflow-cpu && python keras_models.py
"""
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
from keras import constraints, initializers, layers, regularizers

MODELS = []


def add(name, *parts, frozen=False, build=None):
    model = keras.Sequential(list(parts), name=name)
    if build:
        model.build(build)
    if frozen:
        model.trainable = False
    MODELS.append({"name": name, "json": json.loads(model.to_json())})


def rung9():
    """The ladder's ninth rung, compiled, as a user has it."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(12, 3, padding="same", use_bias=False, name="conv2d"),
            layers.BatchNormalization(scale=False, name="batch_normalization"),
            layers.Activation("relu", name="activation"),
            layers.Conv2D(24, 6, strides=2, padding="same", use_bias=False, name="conv2d_1"),
            layers.BatchNormalization(scale=False, name="batch_normalization_1"),
            layers.Activation("relu", name="activation_1"),
            layers.Conv2D(32, 6, strides=2, padding="same", use_bias=False, name="conv2d_2"),
            layers.BatchNormalization(scale=False, name="batch_normalization_2"),
            layers.Activation("relu", name="activation_2"),
            layers.Flatten(name="flatten"),
            layers.Dense(200, use_bias=False, name="dense"),
            layers.BatchNormalization(scale=False, name="batch_normalization_3"),
            layers.Activation("relu", name="activation_3"),
            layers.Dropout(0.3, name="dropout"),
            layers.Dense(10, activation="softmax", name="dense_1"),
        ],
        name="rung9",
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
    MODELS.append({"name": "rung9", "json": json.loads(model.to_json())})


def supported():
    add(
        "dense",
        keras.Input((5,)),
        layers.Dense(
            7,
            activation="gelu",
            kernel_initializer=initializers.VarianceScaling(0.5, "fan_out", "untruncated_normal", seed=3),
            bias_initializer=initializers.Constant(0.1),
            kernel_regularizer=regularizers.L1L2(0.25, 0.5),
            bias_regularizer=regularizers.L2(0.5),
            kernel_constraint=constraints.MaxNorm(3, axis=0),
            name="d",
        ),
    )
    add(
        "initializers",
        keras.Input((5,)),
        *[
            layers.Dense(4, kernel_initializer=initializer, name=f"d{i}")
            for i, initializer in enumerate(
                [
                    "zeros",
                    "ones",
                    initializers.Constant(0.5),
                    initializers.RandomNormal(0.1, 0.2, seed=1),
                    initializers.TruncatedNormal(0.3, 0.4),
                    initializers.RandomUniform(-0.5, 0.6),
                    initializers.Orthogonal(1.5),
                    "glorot_uniform",
                    "glorot_normal",
                    "he_uniform",
                    "he_normal",
                    "lecun_uniform",
                    "lecun_normal",
                    initializers.VarianceScaling(3.0, "fan_avg", "uniform"),
                    initializers.VarianceScaling(2.0, "fan_in", "truncated_normal"),
                ]
            )
        ],
    )
    add(
        "regularizers",
        keras.Input((5,)),
        layers.Dense(4, kernel_regularizer="l1", bias_regularizer="l2", name="names"),
        layers.Dense(4, kernel_regularizer=regularizers.L1(0.5), bias_regularizer=regularizers.L1L2(0.5, 0), name="objects"),
    )
    functions = "linear relu leaky_relu elu selu gelu sigmoid tanh softplus softsign swish silu softmax".split()
    add("activations", keras.Input((5,)), *[layers.Activation(f, name=f"a{i}") for i, f in enumerate(functions)])
    add(
        "activation_layers",
        keras.Input((5,)),
        layers.ReLU(name="relu"),
        layers.LeakyReLU(negative_slope=0.125, name="leaky"),
        layers.ELU(name="elu"),
        layers.Softmax(name="softmax"),
    )
    add(
        "images",
        keras.Input((32, 24, 3)),
        layers.ZeroPadding2D(((1, 2), (3, 4)), name="borders"),
        layers.Conv2D(
            8,
            (3, 5),
            strides=(2, 1),
            padding="valid",
            activation="swish",
            use_bias=True,
            kernel_initializer="he_normal",
            bias_initializer="ones",
            kernel_regularizer=regularizers.L2(0.125),
            bias_regularizer=regularizers.L1(0.25),
            kernel_constraint=constraints.MaxNorm(1.5, axis=[0, 1, 2]),
            name="conv",
        ),
        layers.Conv2D(8, 3, padding="same", dilation_rate=(2, 3), name="dilated"),
        layers.MaxPooling2D((2, 3), strides=(2, 1), padding="same", name="max"),
        layers.DepthwiseConv2D(
            3,
            strides=2,
            padding="same",
            depth_multiplier=2,
            activation="tanh",
            use_bias=False,
            depthwise_initializer="he_uniform",
            bias_initializer="ones",
            depthwise_regularizer=regularizers.L1(0.125),
            bias_regularizer=regularizers.L2(0.25),
            depthwise_constraint=constraints.MaxNorm(2.5, axis=[0, 1]),
            name="depthwise",
        ),
        layers.SeparableConv2D(
            9,
            (3, 2),
            strides=1,
            padding="same",
            depth_multiplier=3,
            activation="elu",
            depthwise_initializer="lecun_normal",
            pointwise_initializer="lecun_uniform",
            bias_initializer="zeros",
            depthwise_regularizer=regularizers.L1(0.125),
            pointwise_regularizer=regularizers.L2(0.25),
            bias_regularizer=regularizers.L1L2(0.5, 0.25),
            name="separable",
        ),
        layers.SpatialDropout2D(0.2, seed=5, name="dropout"),
        layers.UpSampling2D((2, 3), name="up"),
        layers.AveragePooling2D(2, name="average"),
        layers.GlobalAveragePooling2D(name="global"),
    )
    add("global_max_2d", keras.Input((8, 8, 2)), layers.GlobalMaxPooling2D(name="global"))
    add(
        "sequences",
        keras.Input((30, 4)),
        layers.Conv1D(
            6,
            3,
            strides=2,
            padding="same",
            activation="relu",
            use_bias=False,
            kernel_initializer="he_normal",
            bias_initializer="ones",
            kernel_regularizer=regularizers.L2(0.125),
            bias_regularizer=regularizers.L1(0.25),
            kernel_constraint=constraints.MaxNorm(1.5, axis=[0, 1]),
            name="conv",
        ),
        layers.Conv1D(6, 2, dilation_rate=2, name="dilated"),
        layers.MaxPooling1D(2, strides=1, padding="same", name="max"),
        layers.AveragePooling1D(3, name="average"),
        layers.SpatialDropout1D(0.1, name="dropout"),
        layers.GaussianNoise(0.25, seed=7, name="noise"),
        layers.GlobalMaxPooling1D(name="global"),
    )
    add("global_average_1d", keras.Input((8, 2)), layers.GlobalAveragePooling1D(name="global"))
    add(
        "normalization",
        keras.Input((6, 6, 2)),
        layers.BatchNormalization(momentum=0.9, epsilon=1e-5, scale=False, center=True, name="batch"),
        layers.LayerNormalization(epsilon=1e-4, scale=True, center=False, name="layer"),
        layers.BatchNormalization(axis=3, name="last"),
    )
    add(
        "shapes",
        keras.Input((4, 6)),
        layers.Reshape((3, -1), name="reshape"),
        layers.Flatten(name="flatten"),
        layers.Dropout(0.5, seed=1, name="dropout"),
    )
    add(
        "embedding",
        keras.Input((20,), dtype="int32"),
        layers.Embedding(
            100,
            8,
            embeddings_initializer=initializers.RandomNormal(0.0, 0.1),
            embeddings_regularizer=regularizers.L2(0.0625),
            name="embedding",
        ),
    )
    recurrent = dict(
        activation="softsign",
        use_bias=True,
        kernel_initializer="he_normal",
        recurrent_initializer=initializers.Orthogonal(0.5),
        bias_initializer="ones",
        kernel_regularizer=regularizers.L1(0.125),
        recurrent_regularizer=regularizers.L2(0.25),
        bias_regularizer=regularizers.L1L2(0.5, 0.25),
    )
    add(
        "recurrent",
        keras.Input((12, 3)),
        layers.LSTM(4, unit_forget_bias=False, return_sequences=True, go_backwards=True, name="lstm", **recurrent),
        layers.GRU(5, recurrent_activation="tanh", reset_after=False, return_sequences=True, name="gru", **recurrent),
        layers.GRU(6, name="last"),
    )
    add(
        "bidirectional",
        keras.Input((12, 3)),
        layers.Bidirectional(layers.LSTM(4, return_sequences=True, **recurrent), name="concat"),
        layers.Bidirectional(layers.GRU(5, return_sequences=True), merge_mode="sum", name="sum"),
        layers.Bidirectional(
            layers.LSTM(5, return_sequences=True),
            backward_layer=layers.LSTM(5, return_sequences=True, go_backwards=True),
            merge_mode="mul",
            name="mul",
        ),
        layers.Bidirectional(layers.LSTM(2), merge_mode="ave", name="ave"),
    )
    add(
        "time_distributed",
        keras.Input((12, 3)),
        layers.TimeDistributed(layers.Dense(4, activation="relu", kernel_initializer="he_normal"), name="steps"),
    )
    add(
        "frozen_layers",
        keras.Input((5,)),
        layers.Dense(4, trainable=False, name="first"),
        layers.Dense(3, name="second"),
        layers.Dense(2, trainable=False, name="third"),
    )
    add("frozen_model", keras.Input((5,)), layers.Dense(4, name="first"), layers.Dense(3, name="second"), frozen=True)
    add("unbuilt", layers.Dense(4, name="first"), layers.Dense(3, name="second"))
    add("built_later", layers.Dense(4, name="first"), build=(None, 6))


@keras.saving.register_keras_serializable("mine")
class Registered(layers.Layer):
    pass


class Dense(layers.Layer):
    """Of a user's script, named like Keras' own."""


def my_function(x):
    return x


def my_initializer(shape, dtype=None):
    return keras.ops.zeros(shape)


def refused():
    """One model for each thing that there is not; never built, since Keras itself builds not all of them."""
    for name, layer in {
        "groups": layers.Conv2D(4, 3, groups=2, name="x"),
        "channels_first": layers.Conv2D(4, 3, data_format="channels_first", name="x"),
        "causal": layers.Conv1D(4, 3, padding="causal", name="x"),
        "activity_regularizer": layers.Conv2D(4, 3, activity_regularizer="l2", name="x"),
        "dense_activity_regularizer": layers.Dense(4, activity_regularizer="l2", name="x"),
        "non_negative": layers.Dense(4, kernel_constraint="non_neg", name="x"),
        "bias_constraint": layers.Dense(4, bias_constraint=constraints.MaxNorm(2), name="x"),
        "constraint_axis": layers.Dense(4, kernel_constraint=constraints.MaxNorm(2, axis=-1), name="x"),
        "recurrent_constraint": layers.LSTM(4, recurrent_constraint=constraints.MaxNorm(2), name="x"),
        "embedding_constraint": layers.Embedding(9, 4, embeddings_constraint=constraints.MaxNorm(2), name="x"),
        "separable_constraint": layers.SeparableConv2D(4, 3, pointwise_constraint=constraints.MaxNorm(2), name="x"),
        "depthwise_dilation": layers.DepthwiseConv2D(3, dilation_rate=2, name="x"),
        "separable_dilation": layers.SeparableConv2D(4, 3, dilation_rate=(1, 2), name="x"),
        "lstm_dropout": layers.LSTM(4, dropout=0.1, name="x"),
        "lstm_recurrent_dropout": layers.LSTM(4, recurrent_dropout=0.1, name="x"),
        "stateful": layers.GRU(4, stateful=True, name="x"),
        "return_state": layers.GRU(4, return_state=True, name="x"),
        "mask_zero": layers.Embedding(9, 4, mask_zero=True, name="x"),
        "batch_axis": layers.BatchNormalization(axis=1, name="x"),
        "batch_synchronized": layers.BatchNormalization(synchronized=True, name="x"),
        "batch_renorm": layers.BatchNormalization(renorm=True, name="x"),
        "batch_beta": layers.BatchNormalization(beta_initializer="ones", name="x"),
        "batch_moving": layers.BatchNormalization(moving_variance_initializer="zeros", name="x"),
        "batch_gamma_regularizer": layers.BatchNormalization(gamma_regularizer="l2", name="x"),
        "batch_beta_constraint": layers.BatchNormalization(beta_constraint=constraints.MaxNorm(2), name="x"),
        "layer_axes": layers.LayerNormalization(axis=[1, 2], name="x"),
        "layer_rms": layers.LayerNormalization(rms_scaling=True, name="x"),
        "keepdims": layers.GlobalMaxPooling2D(keepdims=True, name="x"),
        "mixed_precision": layers.Dense(4, dtype="mixed_float16", name="x"),
        "double_precision": layers.Dense(4, dtype="float64", name="x"),
        "relu6": layers.ReLU(max_value=6.0, name="x"),
        "relu_slope": layers.ReLU(negative_slope=0.1, name="x"),
        "relu_threshold": layers.ReLU(threshold=1.0, name="x"),
        "elu_alpha": layers.ELU(alpha=0.5, name="x"),
        "prelu": layers.PReLU(name="x"),
        "softmax_axis": layers.Softmax(axis=1, name="x"),
        "bilinear": layers.UpSampling2D(2, interpolation="bilinear", name="x"),
        "noise_shape": layers.Dropout(0.5, noise_shape=(1, 4), name="x"),
        "all_dropped": layers.Dropout(1.0, name="x"),
        "hard_sigmoid": layers.Activation("hard_sigmoid", name="x"),
        "activation_layer": layers.Dense(4, activation=layers.LeakyReLU(), name="x"),
        "custom_function": layers.Dense(4, activation=my_function, name="x"),
        "identity": layers.Dense(4, kernel_initializer="identity", name="x"),
        "constant_array": layers.Dense(4, kernel_initializer=initializers.Constant([1.0, 2.0]), name="x"),
        "custom_initializer": layers.Dense(4, kernel_initializer=my_initializer, name="x"),
        "initializer_axes": layers.Dense(4, kernel_initializer=initializers.GlorotUniform(input_axes=[0]), name="x"),
        "orthogonal_regularizer": layers.Dense(4, kernel_regularizer=regularizers.OrthogonalRegularizer(), name="x"),
        "lambda": layers.Lambda(lambda x: x, name="x"),
        "registered": Registered(name="x"),
        "namesake": Dense(name="x"),
        "rescaling": layers.Rescaling(1 / 255, name="x"),
        "time_distributed": layers.TimeDistributed(layers.Conv2D(4, 3), name="x"),
        "bidirectional_rnn": layers.Bidirectional(layers.RNN(layers.LSTMCell(4)), name="x"),
        "bidirectional_backwards": layers.Bidirectional(
            layers.LSTM(4, go_backwards=True), backward_layer=layers.LSTM(4), name="x"
        ),
        "bidirectional_other": layers.Bidirectional(
            layers.LSTM(4), backward_layer=layers.LSTM(4, activation="relu", go_backwards=True), name="x"
        ),
        "bidirectional_pair": layers.Bidirectional(layers.LSTM(4), merge_mode=None, name="x"),
        "nested": keras.Sequential([layers.Dense(4)], name="x"),
    }.items():
        add(f"refused_{name}", layer)
    lora = keras.Sequential([keras.Input((5,)), layers.Dense(4, lora_rank=2, name="x")])
    MODELS.append({"name": "refused_lora", "json": json.loads(lora.to_json())})
    add("refused_sparse_input", keras.Input((5,), sparse=True), layers.Dense(4, name="x"))
    add("refused_half_precision_input", keras.Input((5,), dtype="float16"), layers.Dense(4, name="x"))
    add("refused_variable_length", keras.Input((None, 3)), layers.LSTM(4, name="x"))
    add("refused_scalar_input", keras.Input(()), layers.Reshape((1,), name="x"))
    add("refused_first_axis", keras.Input((6, 6, 2)), layers.BatchNormalization(axis=1, name="x"))
    inputs = keras.Input((5,))
    functional = keras.Model(inputs, layers.Dense(4)(inputs))
    MODELS.append({"name": "refused_functional", "json": json.loads(functional.to_json())})


rung9()
supported()
refused()
path = pathlib.Path(__file__).parent.parent / "resources" / "keras" / "models-3.json"
path.write_text("[\n" + ",\n".join(json.dumps(model) for model in MODELS) + "\n]\n")
print(f"{len(MODELS)} models of Keras {keras.__version__}, {path.stat().st_size} bytes")
