package io.trainyard.diagnosis;

import java.util.List;

/**
 * The rows that the validation curves are computed from.
 *
 * @param classCounts rows of each class; empty where a number is asked for
 */
record HeldOut(int rows, List<Integer> classCounts) {

    /**
     * How uncertain a loss over these rows is, as a share of it: a mean over n rows, of values that scatter about as much
     * as they are large, has a standard error of 1 / √n of itself.
     */
    double uncertainty() {
        return 1 / Math.sqrt(rows);
    }

    /** Each class's share of the rows. */
    double[] shares() {
        double all = classCounts.stream().mapToInt(Integer::intValue).sum();
        return classCounts.stream().mapToDouble(count -> count / all).toArray();
    }
}
