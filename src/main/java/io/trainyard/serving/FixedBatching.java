package io.trainyard.serving;

import java.time.Duration;

/**
 * A largest batch, and a time for which its first request waits for others.
 *
 * @param maxRows that go through the network together
 */
record FixedBatching(int maxRows, Duration maxDelay) implements BatchPolicy {

    @Override
    public int enoughRows() {
        return maxRows;
    }

    @Override
    public long patience(long arrived, long free, long now) {
        return arrived + maxDelay.toNanos() - now;
    }

    @Override
    public void computed(int rows, boolean full, long nanos, int waitingRows) {
        // nothing to learn
    }

    @Override
    public void answered(long nanos) {
        // nothing to learn
    }

    @Override
    public Figures figures() {
        return new Figures(maxRows, maxDelay, Duration.ZERO, Duration.ZERO);
    }
}
