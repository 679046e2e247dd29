package io.trainyard.diagnosis;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A loss, epoch by epoch, and what is to be seen in it. Everything is a ratio, so that it is the same for losses of any
 * size, and a median where one epoch must not decide.
 */
record Series(String metric, double[] values) {

    /** The mean distance of two independent normal values with a standard deviation of 1: 2 / √π. */
    private static final double STEP_OF_NOISE = 2 / Math.sqrt(Math.PI);

    /** From fewer nobody can tell noise from a trend. */
    private static final int FEWEST_STEPS = 5;

    private static final double TINY = 1e-12;

    int length() {
        return values.length;
    }

    double first() {
        return values[0];
    }

    double last() {
        return values[values.length - 1];
    }

    /** The index of the lowest value, the earliest one of several. */
    int lowest() {
        return IntStream.range(0, values.length)
                .reduce((best, i) -> values[i] < values[best] ? i : best)
                .orElseThrow();
    }

    /** The median of the last three values: where the curve has arrived, whatever the last epoch did. */
    double arrived() {
        return median(Math.max(0, values.length - 3), values.length);
    }

    /** The median of the values around the middle. */
    double halfway() {
        int middle = values.length / 2;
        return median(Math.max(0, middle - 1), Math.min(values.length, middle + 2));
    }

    /** The index from which on noise is looked for: the first quarter is a curve's way down. */
    int settled() {
        return values.length / 4;
    }

    /** Epochs that count as the most recent ones: a sixth of all. */
    int recent() {
        return Math.max(1, Math.round(values.length / 6f));
    }

    /** By what share the curve has fallen from the sixth before the last to the last; negative where it rises. */
    double recentFall() {
        int end = values.length;
        int begin = end - recent();
        return 1 - median(begin, end) / Math.max(TINY, median(Math.max(0, begin - recent()), begin));
    }

    /** By what share of the value at {@code index} the curve has climbed by its end. */
    double climbFrom(int index) {
        return arrived() / Math.max(TINY, values[index]) - 1;
    }

    /**
     * How much the curve jumps up and down, as a standard deviation in shares of its height: of the way that the logarithm
     * goes after the first quarter, what leads back again, a step. A curve that only falls, or only climbs, has none. 0
     * where it is too short to tell.
     */
    double noise() {
        double[] logs = Arrays.stream(values, settled(), values.length)
                .map(value -> Math.log(Math.max(TINY, value)))
                .toArray();
        int steps = logs.length - 1;
        if (steps < FEWEST_STEPS) {
            return 0;
        }
        double way = IntStream.rangeClosed(1, steps)
                .mapToDouble(i -> Math.abs(logs[i] - logs[i - 1]))
                .sum();
        return (way - Math.abs(logs[steps] - logs[0])) / steps / STEP_OF_NOISE;
    }

    private double median(int from, int to) {
        return median(Arrays.copyOfRange(values, from, to));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
