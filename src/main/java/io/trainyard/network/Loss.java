package io.trainyard.network;

import java.util.Locale;

/** Loss functions, by Keras' names. */
public enum Loss {
    /** −Σ y·log p over one-hot labels; fused with the softmax before it, so that no log(0) can arise. */
    CATEGORICAL_CROSSENTROPY,
    /** The mean over outputs of (y − p)². */
    MSE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
