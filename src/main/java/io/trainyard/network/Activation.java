package io.trainyard.network;

import java.util.Locale;

/** Activation functions, by Keras' names. */
public enum Activation {
    LINEAR,
    RELU,
    ELU,
    SELU,
    SIGMOID,
    TANH,
    SOFTPLUS,
    SOFTMAX;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
