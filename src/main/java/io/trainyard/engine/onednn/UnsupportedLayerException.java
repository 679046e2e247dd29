package io.trainyard.engine.onednn;

/** A layer is not to be computed here: oneDNN does not know it, or has no fast kernel for its sizes on this CPU. */
final class UnsupportedLayerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsupportedLayerException(String message) {
        super(message);
    }

    UnsupportedLayerException(String message, Throwable cause) {
        super(message, cause);
    }
}
