package io.trainyard.engine;

/** Told after each batch; what it throws ends the epoch. */
@FunctionalInterface
public interface BatchObserver {

    /**
     * @param iteration of the epoch, counted from 1
     * @param iterations in the epoch
     */
    void afterBatch(int iteration, int iterations);
}
