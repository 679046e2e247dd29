package io.trainyard.serving;

import java.time.Duration;
import java.util.Arrays;

/**
 * Batches as large, and waits as long, as a stated p99 allows; both grow by steps and shrink by a factor, as in Clipper
 * (Crankshaw et al., 2017, section 4.3).
 *
 * <ul>
 *   <li>A request may find a batch in progress, and is then in the next: each may take half of the time.
 *   <li>A thread that is free waits only while fewer rows are there than it expects: those that it has just answered and
 *       those that came in meanwhile. So a lone client never waits, and many that take turns are answered together.
 * </ul>
 */
final class AdaptiveBatching implements BatchPolicy {

    private static final int FIRST_ROWS = 8;
    private static final double LESS_ROWS = 0.75;
    private static final int ROWS_STEPS = 8;
    /** Of the target, by which the delay grows. */
    private static final int DELAY_STEPS = 64;
    /** Of the target, at most. */
    private static final int DELAY_SHARE = 4;
    /** The p99 below which the delay may grow, as a share of the target. */
    private static final double COMFORT = 0.8;

    private static final double SMOOTHING = 0.2;
    /** Requests of which a p99 is taken. */
    private static final int WINDOW = 200;

    private final long target;
    private final int mostRows;
    private final long[] latencies = new long[WINDOW];
    private int measured;
    private long p99;
    private int maxRows;
    private long maxDelay;
    private int expectedRows;
    private double batchNanos;

    /**
     * @param targetP99 of the time from a request's arrival in the queue to its answer
     * @param mostRows that may ever go through the network together
     */
    AdaptiveBatching(Duration targetP99, int mostRows) {
        this.target = targetP99.toNanos();
        this.mostRows = mostRows;
        this.maxRows = Math.min(FIRST_ROWS, mostRows);
    }

    @Override
    public int maxRows() {
        return maxRows;
    }

    @Override
    public int enoughRows() {
        return Math.min(expectedRows, maxRows);
    }

    @Override
    public long patience(long arrived, long free, long now) {
        long begun = arrived - free > 0 ? arrived : free;
        // In more than that, what is there could have been answered.
        return begun + Math.min(maxDelay, (long) batchNanos) - now;
    }

    @Override
    public void computed(int rows, boolean full, long nanos, int waitingRows) {
        expectedRows = rows + waitingRows;
        batchNanos += (batchNanos == 0 ? 1 : SMOOTHING) * (nanos - batchNanos);
        if (nanos > target / 2) {
            // A small batch that took long says nothing of large ones.
            maxRows = 2 * rows >= maxRows ? Math.max(1, (int) (LESS_ROWS * maxRows)) : maxRows;
        } else if (full) {
            maxRows = Math.min(mostRows, maxRows + Math.max(1, maxRows / ROWS_STEPS));
        }
    }

    @Override
    public void answered(long nanos) {
        latencies[measured++] = nanos;
        if (measured < WINDOW) {
            return;
        }
        measured = 0;
        Arrays.sort(latencies);
        p99 = latencies[(int) (0.99 * WINDOW) - 1];
        if (p99 > target) {
            maxDelay /= 2;
        } else if (p99 < COMFORT * target) {
            maxDelay = Math.min(target / DELAY_SHARE, maxDelay + target / DELAY_STEPS);
        }
    }

    @Override
    public Figures figures() {
        return new Figures(maxRows, Duration.ofNanos(maxDelay), Duration.ofNanos(target), Duration.ofNanos(p99));
    }
}
