package io.trainyard.network;

/** A layer cannot take what the layer before it gives. The message names both shapes. */
class ShapeMismatchException extends RuntimeException {

    ShapeMismatchException(String message) {
        super(message);
    }
}
