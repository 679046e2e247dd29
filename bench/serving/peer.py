"""What a user would write instead: rung 9's network in PyTorch behind FastAPI, with the weights that Bare.java wrote."""

import os
import pathlib

import numpy
import torch
from fastapi import FastAPI
from pydantic import BaseModel

WEIGHTS = {}
for file in pathlib.Path(os.environ["WEIGHTS"]).iterdir():
    name, shape = file.name.split("@")
    WEIGHTS[name] = torch.from_numpy(
        numpy.fromfile(file, dtype="<f4").reshape([int(size) for size in shape.split(",")]).copy()
    )


def normalised(name, width, two_dimensions):
    layer = (torch.nn.BatchNorm2d if two_dimensions else torch.nn.BatchNorm1d)(width, eps=1e-3)
    layer.weight.data = WEIGHTS.get(name + "_gamma", torch.ones(width)).reshape(width)
    layer.bias.data = WEIGHTS[name + "_beta"].reshape(width)
    layer.running_mean = WEIGHTS[name + "_mean"].reshape(width)
    layer.running_var = WEIGHTS[name + "_var"].reshape(width)
    return layer


def convolution(name, inputs, filters, size, stride, padding):
    layer = torch.nn.Conv2d(inputs, filters, size, stride, padding, bias=False)
    layer.weight.data = WEIGHTS[name + "_W"].reshape(filters, inputs, size, size)
    return layer


def dense(name, inputs, units, bias):
    layer = torch.nn.Linear(inputs, units, bias=bias)
    layer.weight.data = WEIGHTS[name + "_W"].T.contiguous()
    if bias:
        layer.bias.data = WEIGHTS[name + "_b"].reshape(units)
    return layer


class ChannelsLast(torch.nn.Module):
    def forward(self, values):
        return values.permute(0, 2, 3, 1).flatten(1)


network = torch.nn.Sequential(
    convolution("conv2d", 1, 12, 3, 1, 1),
    normalised("batch_normalization", 12, True),
    torch.nn.ReLU(),
    convolution("conv2d_1", 12, 24, 6, 2, 2),
    normalised("batch_normalization_1", 24, True),
    torch.nn.ReLU(),
    convolution("conv2d_2", 24, 32, 6, 2, 2),
    normalised("batch_normalization_2", 32, True),
    torch.nn.ReLU(),
    ChannelsLast(),
    dense("dense", 7 * 7 * 32, 200, False),
    normalised("batch_normalization_3", 200, False),
    torch.nn.ReLU(),
    dense("dense_1", 200, 10, True),
    torch.nn.Softmax(dim=1),
).eval()

app = FastAPI()


class Request(BaseModel):
    instances: list[list[float]]


@app.post("/predict")
def predict(request: Request):
    with torch.no_grad():
        rows = torch.tensor(request.instances).reshape(-1, 1, 28, 28) / 256
        return {"predictions": network(rows).tolist()}
