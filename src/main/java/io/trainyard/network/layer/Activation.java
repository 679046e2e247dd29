package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.Locale;

/** Activation functions, by Keras' names and with Keras' default parameters. */
public enum Activation {
    LINEAR,
    RELU,
    /** {@code x} above 0, {@code 0.2 · x} below. */
    LEAKY_RELU,
    ELU,
    SELU,
    /** {@code x · Φ(x)}, with the exact normal distribution function (Hendrycks and Gimpel, 2016). */
    GELU,
    SIGMOID,
    TANH,
    SOFTPLUS,
    SOFTSIGN,
    /** {@code x · sigmoid(x)}, also called silu. */
    @JsonAlias("silu")
    SWISH,
    /** Over a vector: {@code exp(x) / Σ exp(x)}. */
    SOFTMAX;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
