package io.trainyard.diagnosis;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A loss, epoch by epoch, and what is to be seen in it. Everything is a ratio, so that it is the same for losses of any
 * size, and a median where one epoch must not decide.
 */
record Series(String metric, double[] values) {

    /** The median absolute deviation of normal values is their standard deviation divided by this. */
    private static final double MAD_TO_SIGMA = 1.4826;

    /** The standard deviation of a − 2b + c, for independent a, b and c with one of 1. */
    private static final double SECOND_DIFFERENCE = Math.sqrt(6);

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
     * How much the curve jumps up and down around its trend, as a share of its height: the scaled median of the second
     * differences of its logarithm, after the first third, in which a curve comes down. A straight or exponential trend
     * has none. 0 where it does not turn, or is too short to tell.
     */
    double noise() {
        double[] logs = Arrays.stream(values, values.length / 3, values.length)
                .map(value -> Math.log(Math.max(TINY, value)))
                .toArray();
        double[] steps = differences(logs);
        boolean turns = IntStream.range(1, steps.length).anyMatch(i -> steps[i - 1] * steps[i] < 0);
        double[] bends = differences(steps);
        if (bends.length < 2 || !turns) {
            return 0;
        }
        return MAD_TO_SIGMA * median(Arrays.stream(bends).map(Math::abs).toArray()) / SECOND_DIFFERENCE;
    }

    private static double[] differences(double[] values) {
        return IntStream.range(1, values.length)
                .mapToDouble(i -> values[i] - values[i - 1])
                .toArray();
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
