package io.trainyard.engine;

/**
 * How far a training is.
 *
 * @param epoch finished epochs
 * @param iteration finished batches of the epoch in progress
 */
public record Position(int epoch, int iteration) {

    /** Nothing is done. */
    public static final Position START = new Position(0, 0);
}
