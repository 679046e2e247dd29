package io.trainyard.serving;

import java.time.Duration;

/** How requests are put together. One for each version that is loaded; to be asked and told under its batcher's lock. */
interface BatchPolicy {

    /** Rows that go through the network together. */
    int maxRows();

    /** Rows that do not wait for others. */
    int enoughRows();

    /**
     * How long fewer rows than are enough should still wait for others.
     *
     * @param arrived when the first of them did
     * @param free since when nobody works for them
     * @return nanoseconds; 0 or less: they are to be run now
     */
    long patience(long arrived, long free, long now);

    /**
     * Rows have gone through the network together.
     *
     * @param full whether there were more, for which there was no room
     * @param waitingRows that wait now
     */
    void computed(int rows, boolean full, long nanos, int waitingRows);

    /** A request has been answered, so long after it arrived. */
    void answered(long nanos);

    /** What it has come to. */
    Figures figures();

    /**
     * For people to see.
     *
     * @param maxBatchSize rows that go through the network together
     * @param maxDelay for which a request waits for others
     * @param targetP99 that was asked for; zero when none was
     * @param p99 of the latest requests, from their arrival in the queue to their answer; zero when it is not measured
     */
    record Figures(int maxBatchSize, Duration maxDelay, Duration targetP99, Duration p99) {}
}
