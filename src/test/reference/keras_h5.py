"""Writes ../resources/keras/h5/*.h5: networks of ../resources/keras/reference.json, with its weights, as Keras saves them.

The layout is that of keras.src.legacy.saving.legacy_h5_format in Keras 3 (`model.save("name.h5")`) and of
keras.saving.hdf5_format in Keras 2, which differ in the names of weights. Keras itself is not needed: what a network must
answer is in reference.json, where Keras wrote it. Run by hand:

    pip install h5py && python keras_h5.py
"""
import json
import pathlib

import h5py
import numpy as np

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "keras"
CLASSES = {
    "dense": "Dense",
    "flatten": "Flatten",
    "activation": "Activation",
    "conv2d": "Conv2D",
    "separable_conv2d": "SeparableConv2D",
    "depthwise_conv2d": "DepthwiseConv2D",
    "batch_normalization": "BatchNormalization",
    "layer_normalization": "LayerNormalization",
    "embedding": "Embedding",
    "lstm": "LSTM",
    "gru": "GRU",
    "bidirectional": "Bidirectional",
}
CASES = {
    "dense relu": 2,
    "dense gelu": 3,
    "batch_normalization over a picture": 3,
    "separable_conv2d same": 3,
    "depthwise_conv2d multiplier": 3,
    "layer_normalization": 3,
    "embedding, lstm": 2,
    "lstm backwards sequences": 3,
    "bidirectional lstm concat": 2,
    "bidirectional gru concat": 3,
    "gru reset before": 2,
    "loss binary_crossentropy of two classes": 3,
    "loss mse": 2,
}


DEFAULTS = {
    "activation": "linear",
    "recurrent_activation": "sigmoid",
    "use_bias": True,
    "strides": [1, 1],
    "padding": "valid",
    "dilation_rate": [1, 1],
    "depth_multiplier": 1,
    "momentum": 0.99,
    "epsilon": 0.001,
    "center": True,
    "scale": True,
    "axis": -1,
    "return_sequences": False,
    "go_backwards": False,
    "unit_forget_bias": True,
    "reset_after": True,
    "dropout": 0.0,
    "recurrent_dropout": 0.0,
    "merge_mode": "concat",
    "trainable": True,
}


def templates(keras):
    """A layer of each class as that Keras writes it, with every field it has."""
    found = {}

    def visit(json_value):
        if isinstance(json_value, dict):
            if "class_name" in json_value and "config" in json_value:
                found.setdefault(json_value["class_name"], json_value)
            json_value = list(json_value.values())
        if isinstance(json_value, list):
            for each in json_value:
                visit(each)

    visit([m["json"] for m in json.loads((RESOURCES / f"models-{keras}.json").read_text()) if not m["name"].startswith("refused")])
    return found


def config(layer, name, keras):
    """A layer's JSON: the fields that Keras writes, with the values of our layer, or else Keras' defaults."""
    made = dict(templates(keras)[CLASSES[layer["type"]]])
    made.pop("build_config", None)
    fields = {}
    for key, value in made["config"].items():
        fields[key] = None if key.endswith(("_regularizer", "_constraint")) else DEFAULTS.get(key, value)
    if layer["type"] in ("lstm", "gru"):
        fields["activation"] = "tanh"
    fields.pop("batch_input_shape", None)
    for key, value in layer.items():
        if key in ("kernel_size", "strides", "dilation_rate") and not isinstance(value, list):
            value = [value, value]
        if key != "type":
            fields[key] = value
    fields["name"] = name
    if layer["type"] == "bidirectional":
        fields["layer"] = config(layer["layer"], layer["layer"]["type"], keras)
        if "backward_layer" in fields:
            backwards = dict(layer["layer"], go_backwards=True)
            fields["backward_layer"] = config(backwards, "backward_" + backwards["type"], keras)
    made["config"] = fields
    return made


def names(layers):
    counts = {}
    for layer in layers:
        n = counts.get(layer["type"], 0)
        counts[layer["type"]] = n + 1
        yield layer.get("name", layer["type"] if n == 0 else f"{layer['type']}_{n}")


def weight_name(keras, layer, name, weight):
    """Keras 2: dense/kernel:0, lstm/lstm_cell/kernel:0; Keras 3: sequential/dense/kernel."""
    inside = ""
    if layer["type"] in ("lstm", "gru"):
        inside = f"{layer['type']}_cell/"
    if layer["type"] == "bidirectional":
        side, weight = weight.split("_", 1)
        kind = layer["layer"]["type"]
        inside = f"{side}_{kind}/{kind}_cell/"
    if layer["type"] == "depthwise_conv2d" and keras == 3 and weight == "depthwise_kernel":
        weight = "kernel"
    return f"{name}/{inside}{weight}:0" if keras == 2 else f"sequential/{name}/{inside}{weight}"


def shapes(case):
    """Keras' shapes follow from the layers; the flat values of reference.json are cut to them."""
    sizes = {}
    shape = case["network"]["input_shape"]
    for layer, name in zip(case["network"]["layers"], names(case["network"]["layers"])):
        kind = layer["type"]
        own = {}
        last = shape[-1]
        if kind == "dense":
            own = {"kernel": [last, layer["units"]], "bias": [layer["units"]]}
            shape = shape[:-1] + [layer["units"]]
        elif kind == "flatten":
            shape = [int(np.prod(shape))]
        elif kind in ("conv2d", "separable_conv2d", "depthwise_conv2d"):
            size = layer["kernel_size"]
            height, width = size if isinstance(size, list) else (size, size)
            multiplier = layer.get("depth_multiplier", 1)
            filters = layer.get("filters", last * multiplier)
            own = {
                "kernel": [height, width, last, filters],
                "depthwise_kernel": [height, width, last, multiplier],
                "pointwise_kernel": [1, 1, last * multiplier, filters],
                "bias": [filters],
            }
            if kind == "depthwise_conv2d":
                own["kernel"] = own["depthwise_kernel"]
            strides = layer.get("strides", 1)
            step = strides if isinstance(strides, list) else [strides, strides]
            same = layer.get("padding", "valid") == "same"
            shape = [-(-(n if same else n - k + 1) // s) for n, k, s in zip(shape, (height, width), step)] + [filters]
        elif kind in ("batch_normalization", "layer_normalization"):
            own = {w: [last] for w in ("gamma", "beta", "moving_mean", "moving_variance")}
        elif kind == "embedding":
            own = {"embeddings": [layer["input_dim"], layer["output_dim"]]}
            shape = shape + [layer["output_dim"]]
        elif kind in ("lstm", "gru", "bidirectional"):
            inner = layer.get("layer", layer)
            gates = 4 if inner["type"] == "lstm" else 3
            units = inner["units"]
            twice = inner["type"] == "gru" and inner.get("reset_after", True)
            part = {
                "kernel": [last, gates * units],
                "recurrent_kernel": [units, gates * units],
                "bias": [2, gates * units] if twice else [gates * units],
            }
            own = {prefix + w: s for prefix in ("", "forward_", "backward_") for w, s in part.items()}
            features = 2 * units if kind == "bidirectional" and layer.get("merge_mode", "concat") == "concat" else units
            shape = [shape[0], features] if inner.get("return_sequences") else [features]
        sizes[name] = own
    return sizes


def write(path, case, keras):
    layers = case["network"]["layers"]
    shape = [None] + case["network"]["input_shape"]
    made = [{"class_name": "InputLayer", "config": {("batch_input_shape" if keras == 2 else "batch_shape"): shape, "name": "in"}}]
    made += [config(layer, name, keras) for layer, name in zip(layers, names(layers))]
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": made}}
    sizes = shapes(case)
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.15.0" if keras == 2 else "3.15.1"
        file.attrs["backend"] = "tensorflow"
        # Keras 2 writes bytes, Keras 3 a text.
        text = json.dumps(model)
        file.attrs["model_config"] = text.encode() if keras == 2 else text
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [name.encode() for name in names(layers)]
        for layer, name in zip(layers, names(layers)):
            group = weights.create_group(name)
            own = case["weights"].get(name, {})
            group.attrs["weight_names"] = [weight_name(keras, layer, name, w).encode() for w in own]
            for weight, values in own.items():
                array = np.array(values, np.float32).reshape(sizes[name][weight])
                group.create_dataset(weight_name(keras, layer, name, weight), data=array)


if __name__ == "__main__":
    reference = {case["name"]: case for case in json.loads((RESOURCES / "reference.json").read_text())["cases"]}
    (RESOURCES / "h5").mkdir(exist_ok=True)
    for case_name, version in CASES.items():
        file_name = case_name.replace(",", "").replace(" ", "-")
        write(RESOURCES / "h5" / f"{file_name}.h5", reference[case_name], version)
