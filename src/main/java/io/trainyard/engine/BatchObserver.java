package io.trainyard.engine;

/** Told after each batch; what it throws ends the pass. */
@FunctionalInterface
public interface BatchObserver {

    /** Does nothing. */
    BatchObserver NONE = (iteration, iterations) -> {};

    /**
     * @param iteration of the pass, counted from 1
     * @param iterations in the pass
     */
    void afterBatch(int iteration, int iterations);
}
