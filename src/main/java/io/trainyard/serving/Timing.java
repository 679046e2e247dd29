package io.trainyard.serving;

import java.util.Locale;

/**
 * Where the time of an answer went, in milliseconds.
 *
 * @param queueMs waiting for the version's thread
 * @param batchMs making one tensor of the instances
 * @param computeMs in the network
 * @param batchSize rows that went through the network together
 */
record Timing(double queueMs, double batchMs, double computeMs, int batchSize) {

    static final String HEADER = "Server-Timing";

    static Timing of(MicroBatcher.Answer answer) {
        return new Timing(
                millis(answer.queueNanos()),
                millis(answer.batchNanos()),
                millis(answer.computeNanos()),
                answer.batchSize());
    }

    /** As a header of the W3C's Server Timing, for protocols whose bodies have no place for it. */
    String header() {
        return String.format(
                Locale.ROOT,
                "queue;dur=%.3f, batch;dur=%.3f;desc=\"%d rows\", compute;dur=%.3f",
                queueMs,
                batchMs,
                batchSize,
                computeMs);
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
