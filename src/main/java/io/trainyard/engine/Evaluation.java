package io.trainyard.engine;

import java.util.List;
import java.util.Map;

/**
 * How a network does on rows that it was not fitted to.
 *
 * @param loss the mean over the rows, penalties included
 * @param metrics those that the training asked for, by name
 * @param report what there is to say beyond figures
 */
public record Evaluation(double loss, Map<String, Double> metrics, Report report) {

    /** By what kind of answer the network gives. */
    public sealed interface Report {}

    /**
     * How classes are told apart.
     *
     * @param confusion rows of class i that were taken for class j
     * @param calibration rows by the probability that the network gave the class it preferred, in steps of equal width
     * @param mistakes the worst first: wrong, and sure of it
     */
    public record Classes(List<List<Integer>> confusion, List<Bin> calibration, List<Mistake> mistakes)
            implements Report {}

    /**
     * Rows whose preferred class had a probability in [from, to].
     *
     * @param confidence the mean of those probabilities
     * @param accuracy the share of right answers
     */
    public record Bin(double from, double to, int rows, double confidence, double accuracy) {}

    /**
     * A row that was predicted wrongly.
     *
     * @param row its index in the split
     * @param label the right class index
     * @param predicted the class index that the network preferred
     * @param probability that the network gave the predicted class
     */
    public record Mistake(int row, int label, int predicted, double probability) {}

    /**
     * How numbers are told.
     *
     * @param meanAbsoluteError the mean of |y − p|
     * @param rootMeanSquaredError √ of the mean of (y − p)²
     * @param r2Score 1 − Σ(y − p)² / Σ(y − ȳ)²
     * @param worst the largest errors first
     */
    public record Numbers(double meanAbsoluteError, double rootMeanSquaredError, double r2Score, List<Miss> worst)
            implements Report {}

    /**
     * How far off a row was.
     *
     * @param row its index in the split
     */
    public record Miss(int row, double target, double predicted) {}
}
