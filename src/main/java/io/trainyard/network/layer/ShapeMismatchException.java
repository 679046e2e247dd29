package io.trainyard.network.layer;

/** A layer cannot take what the layer before it gives. The message names both shapes. */
public class ShapeMismatchException extends RuntimeException {

    ShapeMismatchException(String message) {
        super(message);
    }
}
