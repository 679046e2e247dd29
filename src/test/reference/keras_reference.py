"""Writes ../resources/keras/reference.json: what Keras computes for networks in our own JSON.

Each case is built from the spec by Keras' own classes, in float64, given random weights, asked for predictions, trained
for some steps with `model.fit`, and asked for its weights again. Run by hand, with Keras 3 on TensorFlow:

    pip install keras tensorflow-cpu && python keras_reference.py
"""
import inspect
import json
import os
import pathlib
import re

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np

keras.config.set_floatx("float64")
keras.config.set_epsilon(1e-7)

LAYERS = {re.sub("[^a-z0-9]", "", name.lower()): value for name, value in inspect.getmembers(keras.layers, inspect.isclass)}
OPTIMIZERS = {name.lower(): value for name, value in inspect.getmembers(keras.optimizers, inspect.isclass)}
ROWS = 6


def value(key, given):
    """Our form of a parameter in Keras' terms."""
    if isinstance(given, dict) and "type" in given:
        rest = {k: v for k, v in given.items() if k != "type"}
        if key.endswith("_regularizer"):
            return {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2, "l1_l2": keras.regularizers.L1L2}[given["type"]](**rest)
        if key.endswith("_constraint"):
            return keras.constraints.MaxNorm(**rest)
    return given


def layer(spec, name):
    parameters = {k: value(k, v) for k, v in spec.items() if k not in ("type", "inputs", "name")}
    if spec["type"] == "bidirectional":
        parameters["layer"] = layer(parameters["layer"], None)
    if name:
        parameters["name"] = name
    return LAYERS[spec["type"].replace("_", "")](**parameters)


def build(network):
    tensors = {"input": keras.Input(network["input_shape"])}
    before, counts = "input", {}
    for spec in network["layers"]:
        count = counts.get(spec["type"], 0)
        name = spec.get("name")
        if name is None:
            counts[spec["type"]] = count + 1
            name = spec["type"] if count == 0 else f"{spec['type']}_{count}"
        made = layer(spec, name)
        made.trainable = name not in network.get("freeze", [])
        inputs = [tensors[i] for i in spec.get("inputs", [before])]
        tensors[name] = made(inputs if len(inputs) > 1 else inputs[0])
        before = name
    return keras.Model(tensors["input"], tensors[before])


def named_weights(made):
    """The weights of a layer by our names."""
    if isinstance(made, keras.layers.Bidirectional):
        for prefix, part in (("forward_", made.forward_layer), ("backward_", made.backward_layer)):
            for w in part.weights:
                if "seed" not in w.path:
                    yield prefix + w.name, w
    else:
        for w in made.weights:
            if "seed" not in w.path:
                yield w.name, w


def weights(model):
    return {
        made.name: {name: flat(w.numpy()) for name, w in named_weights(made)}
        for made in model.layers
        if any(True for _ in named_weights(made))
    }


def flat(array):
    return [float(f"{x:.8g}") for x in np.asarray(array).reshape(-1)]


def loss(spec):
    kinds = {
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
        "binary_crossentropy": keras.losses.BinaryCrossentropy,
        "mse": keras.losses.MeanSquaredError,
        "mae": keras.losses.MeanAbsoluteError,
        "huber": keras.losses.Huber,
    }
    if isinstance(spec, str):
        return kinds[spec]()
    return kinds[spec["type"]](**{k: v for k, v in spec.items() if k != "type"})


def case(name, layers, input_shape=(5,), classes=3, training=None, inputs=None, freeze=None, head=True, scale=0.5):
    keras.utils.set_random_seed(sum(map(ord, name)))
    random = np.random.default_rng(sum(map(ord, name)))
    network = {"input_shape": list(input_shape), "layers": list(layers)}
    if head:
        network["layers"] += [{"type": "flatten"}, {"type": "dense", "units": classes, "activation": "softmax", "name": "head"}]
    if freeze:
        network["freeze"] = freeze
    settings = {"epochs": 1, "batch_size": ROWS, "loss": "categorical_crossentropy" if classes else "mse",
                "optimizer": {"type": "sgd", "learning_rate": 0.5}}
    settings.update(training or {})
    model = build(network)
    for made in model.layers:
        for weight_name, w in named_weights(made):
            drawn = random.normal(size=w.shape) * scale
            if "variance" in weight_name or weight_name == "gamma":
                drawn = random.uniform(0.5, 1.5, size=w.shape)
            w.assign(drawn)
    x = random.normal(size=(ROWS,) + tuple(input_shape)) if inputs is None else inputs(random)
    x = np.asarray([float(f"{v:.8g}") for v in x.reshape(-1)]).reshape(x.shape)
    if classes:
        y = np.arange(ROWS) % classes
        outputs = model.output_shape[-1]
        target = y.reshape(-1, 1).astype("float64") if outputs == 1 else np.eye(classes)[y]
    else:
        y = np.round(random.normal(size=ROWS) * 2, 3)
        target = y.reshape(-1, 1)
    before = weights(model)
    predictions = model.predict(x, verbose=0)
    parameters = dict(settings["optimizer"])
    optimizer = OPTIMIZERS[parameters.pop("type")](**parameters)
    model.compile(optimizer=optimizer, loss=loss(settings["loss"]), metrics=[], run_eagerly=True)
    class_weight = {int(k): v for k, v in settings.get("class_weight", {}).items()} or None
    history = model.fit(x, target, batch_size=settings["batch_size"], epochs=settings["epochs"], shuffle=False,
                        class_weight=class_weight, verbose=0)
    evaluated = model.evaluate(x, target, batch_size=ROWS, verbose=0)
    print(name, [round(v, 4) for v in history.history["loss"]])
    return {
        "name": name,
        "network": network,
        "training": dict(settings, shuffle=False, metrics=[]),
        "classes": classes,
        "inputs": flat(x),
        "targets": flat(y),
        "weights": before,
        "predictions": flat(predictions),
        "losses": flat(history.history["loss"]),
        "trained": weights(model),
        "loss": float(f"{evaluated:.8g}"),
    }


def layer_cases():
    image, sequence = (6, 6, 3), (5, 3)
    dense = {"type": "dense", "units": 4}
    yield case("dense", [dense])
    for activation in ("relu", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "tanh", "softplus", "softsign", "swish", "softmax"):
        yield case(f"dense {activation}", [dict(dense, activation=activation)])
    yield case("dense without bias", [dict(dense, use_bias=False)])
    yield case("dense over a sequence", [dict(dense, activation="tanh")], sequence)
    yield case("dense over a picture", [dict(dense, activation="tanh")], image)
    for activation in ("relu", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "tanh", "softplus", "softsign", "swish", "linear"):
        yield case(f"activation {activation}", [dense, {"type": "activation", "activation": activation}])
    yield case("leaky_relu", [dense, {"type": "leaky_relu"}])
    yield case("leaky_relu 0.1", [dense, {"type": "leaky_relu", "negative_slope": 0.1}])
    conv = {"type": "conv2d", "filters": 4, "kernel_size": 3}
    for title, changes in {
        "valid": {}, "same": {"padding": "same"}, "strided valid": {"strides": 2}, "strided same": {"strides": 2, "padding": "same"},
        "even kernel strided same": {"kernel_size": 4, "strides": 2, "padding": "same"},
        "oblong": {"kernel_size": [1, 3], "strides": [2, 1], "padding": "same"},
        "stride above the kernel": {"kernel_size": 1, "strides": 4, "padding": "same"},
        "dilated": {"dilation_rate": 2, "padding": "same"}, "dilated valid": {"dilation_rate": [2, 1]},
        "relu": {"activation": "relu", "padding": "same"}, "tanh": {"activation": "tanh"}, "without bias": {"use_bias": False},
    }.items():
        yield case(f"conv2d {title}", [dict(conv, **changes)], image)
    yield case("two conv2d", [dict(conv, activation="relu", padding="same"), dict(conv, activation="tanh")], image)
    conv1d = {"type": "conv1d", "filters": 4, "kernel_size": 3}
    for title, changes in {
        "valid": {}, "same": {"padding": "same"}, "strided": {"strides": 2, "padding": "same"}, "dilated": {"dilation_rate": 2, "padding": "same"},
        "tanh": {"activation": "tanh", "use_bias": False},
    }.items():
        yield case(f"conv1d {title}", [dict(conv1d, **changes)], sequence)
    depthwise = {"type": "depthwise_conv2d", "kernel_size": 3}
    for title, changes in {"valid": {}, "same": {"padding": "same", "activation": "tanh"}, "multiplier": {"depth_multiplier": 2, "strides": 2, "padding": "same"},
                           "without bias": {"use_bias": False}}.items():
        yield case(f"depthwise_conv2d {title}", [dict(depthwise, **changes)], image)
    separable = {"type": "separable_conv2d", "filters": 4, "kernel_size": 3}
    for title, changes in {"valid": {}, "same": {"padding": "same", "activation": "relu"}, "multiplier": {"depth_multiplier": 2, "strides": 2, "padding": "same", "use_bias": False}}.items():
        yield case(f"separable_conv2d {title}", [dict(separable, **changes)], image)
    first = dict(conv, padding="same", activation="tanh")
    for pool in ("max_pooling2d", "average_pooling2d"):
        yield case(pool, [first, {"type": pool, "pool_size": 2}], image)
        yield case(f"{pool} same", [first, {"type": pool, "pool_size": 3, "strides": 2, "padding": "same"}], image)
        yield case(f"{pool} stride above the window", [first, {"type": pool, "pool_size": 2, "strides": 4, "padding": "same"}], image)
        yield case(f"{pool} oblong", [first, {"type": pool, "pool_size": [3, 2], "strides": [1, 2]}], image)
    step = dict(conv1d, padding="same", activation="tanh")
    for pool in ("max_pooling1d", "average_pooling1d"):
        yield case(pool, [step, {"type": pool, "pool_size": 2}], sequence)
        yield case(f"{pool} same", [step, {"type": pool, "pool_size": 3, "strides": 2, "padding": "same"}], sequence)
    for pool in ("global_max_pooling2d", "global_average_pooling2d"):
        yield case(pool, [first, {"type": pool}], image)
    for pool in ("global_max_pooling1d", "global_average_pooling1d"):
        yield case(pool, [step, {"type": pool}], sequence)
    yield case("reshape", [first, {"type": "reshape", "target_shape": [4, -1]}, dense], image)
    yield case("zero_padding2d", [{"type": "zero_padding2d"}, conv], image)
    yield case("zero_padding2d oblong", [conv, {"type": "zero_padding2d", "padding": [[1, 2], [0, 3]]}, conv], image)
    yield case("up_sampling2d", [conv, {"type": "up_sampling2d", "size": [2, 3]}, conv], image)
    norm = {"type": "batch_normalization"}
    for title, layers, shape in (
        ("over a picture", [conv, norm, {"type": "activation", "activation": "relu"}], image),
        ("over a vector", [dense, norm], (5,)),
        ("over a sequence", [dense, norm], sequence),
        ("momentum and epsilon", [conv, dict(norm, momentum=0.8, epsilon=0.01)], image),
        ("without scale", [conv, dict(norm, scale=False)], image),
        ("without center", [conv, dict(norm, center=False)], image),
        ("bare", [dense, dict(norm, scale=False, center=False)], (5,)),
    ):
        yield case(f"batch_normalization {title}", layers, shape, training={"epochs": 3, "batch_size": 4})
    yield case("batch_normalization frozen", [dict(conv, name="c"), dict(norm, name="n"), conv], image, freeze=["n"], training={"epochs": 2})
    yield case("batch_normalization frozen without scale", [dense, dict(norm, name="n", scale=False), dense], freeze=["n"], training={"epochs": 2})
    layer_norm = {"type": "layer_normalization"}
    yield case("layer_normalization", [dense, layer_norm])
    yield case("layer_normalization over a picture", [conv, dict(layer_norm, epsilon=0.01), conv], image)
    yield case("layer_normalization bare", [dense, dict(layer_norm, scale=False, center=False), dense], sequence)
    numbers = lambda random: random.integers(0, 7, size=(ROWS, 4)).astype("float64")
    embedding = {"type": "embedding", "input_dim": 7, "output_dim": 3}
    yield case("embedding", [embedding], (4,), inputs=numbers)
    yield case("embedding after flatten", [{"type": "flatten"}, embedding], (2, 2, 1), inputs=lambda random: numbers(random).reshape(ROWS, 2, 2, 1))
    yield case("embedding, lstm", [embedding, {"type": "lstm", "units": 3}], (4,), inputs=numbers)
    for kind in ("lstm", "gru"):
        base = {"type": kind, "units": 4}
        for title, changes in {
            "": {}, " sequences": {"return_sequences": True}, " backwards": {"go_backwards": True},
            " backwards sequences": {"go_backwards": True, "return_sequences": True}, " without bias": {"use_bias": False},
            " other activations": {"activation": "relu", "recurrent_activation": "sigmoid"},
        }.items():
            yield case(f"{kind}{title}", [dict(base, **changes)], sequence)
        yield case(f"two {kind}", [dict(base, return_sequences=True), base], sequence)
        for mode in ("concat", "sum", "mul", "ave"):
            yield case(f"bidirectional {kind} {mode}", [{"type": "bidirectional", "layer": base, "merge_mode": mode}], sequence)
        yield case(f"bidirectional {kind} sequences", [{"type": "bidirectional", "layer": dict(base, return_sequences=True)}, base], sequence)
    yield case("gru reset before", [{"type": "gru", "units": 4, "reset_after": False, "return_sequences": True}], sequence)
    yield case("gru reset before without bias", [{"type": "gru", "units": 4, "reset_after": False, "use_bias": False}], sequence)
    same = dict(conv, padding="same")
    yield case("residual block", [
        dict(same, name="a", activation="relu"), dict(same, name="b"), dict(norm, name="n"),
        {"type": "add", "inputs": ["a", "n"]}, {"type": "activation", "activation": "relu"}], image)
    yield case("residual block with projection", [
        dict(same, name="a", activation="relu"), dict(conv, name="p", kernel_size=1, inputs=["input"]),
        {"type": "add", "inputs": ["a", "p"]}, {"type": "global_average_pooling2d"}], image)
    yield case("concatenate pictures", [dict(same, name="a"), dict(same, name="b", inputs=["input"], filters=2), {"type": "concatenate", "inputs": ["a", "b"]}, conv], image)
    yield case("concatenate vectors", [dict(dense, name="a"), dict(dense, name="b", inputs=["input"], units=2), {"type": "concatenate", "inputs": ["a", "b"]}, dense])
    yield case("concatenate along steps", [dict(dense, name="a"), dict(dense, name="b", inputs=["input"]), {"type": "concatenate", "inputs": ["a", "b"], "axis": 1}, {"type": "lstm", "units": 3}], sequence)
    yield case("multiply", [dict(dense, name="a"), dict(dense, name="b", inputs=["input"], activation="sigmoid"), {"type": "multiply", "inputs": ["a", "b"]}, dense])
    yield case("multiply pictures", [dict(same, name="a"), dict(same, name="b", inputs=["input"], activation="sigmoid"), {"type": "multiply", "inputs": ["a", "b"]}, conv], image)
    yield case("frozen layers", [dict(dense, name="a", activation="tanh"), dict(dense, name="b")], freeze=["a"], training={"epochs": 2})
    l2 = {"type": "l2", "l2": 0.05}
    yield case("l2", [dict(dense, kernel_regularizer=l2)])
    yield case("l1", [dict(dense, kernel_regularizer={"type": "l1", "l1": 0.05}, bias_regularizer=l2)])
    yield case("l1_l2", [dict(conv, kernel_regularizer={"type": "l1_l2", "l1": 0.02, "l2": 0.03})], image)
    yield case("lstm l2", [{"type": "lstm", "units": 3, "kernel_regularizer": l2, "recurrent_regularizer": l2, "bias_regularizer": l2}], sequence)
    norm2 = {"type": "max_norm", "max_value": 0.7}
    yield case("max_norm", [dict(dense, kernel_constraint=norm2)])
    yield case("max_norm of filters", [dict(conv, kernel_constraint=dict(norm2, axis=[0, 1, 2]))], image)
    yield case("max_norm of a filter's rows", [dict(conv, kernel_constraint=norm2)], image)


def loss_cases():
    body = [{"type": "dense", "units": 4, "activation": "tanh"}]
    softmax = body + [{"type": "dense", "units": 3, "activation": "softmax"}]
    sigmoid = body + [{"type": "dense", "units": 3, "activation": "sigmoid"}]
    single = body + [{"type": "dense", "units": 1, "activation": "sigmoid"}]
    number = body + [{"type": "dense", "units": 1}]
    for title, layers, classes, spec in (
        ("categorical_crossentropy", softmax, 3, "categorical_crossentropy"),
        ("categorical_crossentropy smoothed", softmax, 3, {"type": "categorical_crossentropy", "label_smoothing": 0.2}),
        ("softmax as a layer", body + [{"type": "dense", "units": 3}, {"type": "activation", "activation": "softmax"}], 3, "categorical_crossentropy"),
        ("binary_crossentropy of two classes", single, 2, "binary_crossentropy"),
        ("binary_crossentropy smoothed", single, 2, {"type": "binary_crossentropy", "label_smoothing": 0.1}),
        ("binary_crossentropy of each class", sigmoid, 3, "binary_crossentropy"),
        ("mse of softmax", softmax, 3, "mse"),
        ("mse of sigmoid", sigmoid, 3, "mse"),
        ("mae of softmax", softmax, 3, "mae"),
        ("huber of softmax", softmax, 3, {"type": "huber", "delta": 0.3}),
        ("mse", number, 0, "mse"),
        ("mae", number, 0, "mae"),
        ("huber", number, 0, "huber"),
        ("huber 0.4", number, 0, {"type": "huber", "delta": 0.4}),
        ("mse of relu", body + [{"type": "dense", "units": 1, "activation": "softplus"}], 0, "mse"),
        ("mse of sigmoid number", single, 0, "mse"),
    ):
        yield case(f"loss {title}", layers, classes=classes, training={"loss": spec, "epochs": 2}, head=False)
    yield case("class weights", softmax, classes=3, training={"class_weight": {"0": 2.0, "2": 0.25}, "epochs": 2, "batch_size": 4}, head=False)
    yield case("large logits", [{"type": "dense", "units": 3, "activation": "softmax"}], classes=3, head=False, scale=60)


def optimizer_cases():
    layers = [{"type": "dense", "units": 4, "activation": "tanh"}]
    steps = {"epochs": 5, "batch_size": 4}
    for title, spec in {
        "sgd": {"type": "sgd"}, "sgd momentum": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9},
        "sgd nesterov": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
        "rmsprop": {"type": "rmsprop"}, "rmsprop centered": {"type": "rmsprop", "learning_rate": 0.01, "rho": 0.8, "momentum": 0.5, "centered": True},
        "rmsprop epsilon": {"type": "rmsprop", "learning_rate": 0.01, "epsilon": 0.01},
        "adam": {"type": "adam"}, "adam settings": {"type": "adam", "learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.01},
        "adamw": {"type": "adamw"}, "adamw decay": {"type": "adamw", "learning_rate": 0.05, "weight_decay": 0.1},
        "adamax": {"type": "adamax"}, "adamax settings": {"type": "adamax", "learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.01},
        "nadam": {"type": "nadam"}, "nadam settings": {"type": "nadam", "learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.01},
        "adagrad": {"type": "adagrad"}, "adagrad settings": {"type": "adagrad", "learning_rate": 0.1, "initial_accumulator_value": 0.5, "epsilon": 0.01},
        "adadelta": {"type": "adadelta"}, "adadelta settings": {"type": "adadelta", "learning_rate": 1.0, "rho": 0.8, "epsilon": 0.01},
        "clipvalue": {"type": "sgd", "learning_rate": 0.5, "clipvalue": 0.05}, "clipnorm": {"type": "sgd", "learning_rate": 0.5, "clipnorm": 0.1},
        "global_clipnorm": {"type": "adam", "learning_rate": 0.05, "global_clipnorm": 0.1},
    }.items():
        yield case(f"optimizer {title}", layers, training=dict(steps, optimizer=spec))
    yield case("optimizer adamw with batch_normalization", layers + [{"type": "batch_normalization"}],
               training=dict(steps, optimizer={"type": "adamw", "learning_rate": 0.05, "weight_decay": 0.1}))
    yield case("clipnorm with l2", [dict(layers[0], kernel_regularizer={"type": "l2", "l2": 0.5})],
               training=dict(steps, optimizer={"type": "sgd", "learning_rate": 0.5, "clipnorm": 0.1}))


if __name__ == "__main__":
    cases = [*layer_cases(), *loss_cases(), *optimizer_cases()]
    path = pathlib.Path(__file__).parent.parent / "resources" / "keras" / "reference.json"
    with open(path, "w") as file:
        file.write('{"source": "Keras %s, %s %s, float64",\n "cases": [\n' % (
            keras.__version__, keras.backend.backend(), __import__("tensorflow").__version__))
        file.write(",\n".join(json.dumps(c) for c in cases))
        file.write("\n]}\n")
    print(len(cases), "cases,", path.stat().st_size, "bytes")
