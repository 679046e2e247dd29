package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How classes are told apart.
 *
 * @param accuracy from 0 to 1
 * @param confusionMatrix rows of the split with label i that were taken for j; i and j are indices into the classes
 * @param calibration whether probabilities can be believed; null for versions of before it was measured
 * @param mistakes the worst first: wrong, and sure of it
 */
public record ClassificationEvaluation(
        double loss,
        Map<String, Double> metrics,
        double accuracy,
        List<ClassScore> classes,
        List<List<Integer>> confusionMatrix,
        @Nullable Calibration calibration,
        List<Mistake> mistakes)
        implements VersionEvaluation {

    /**
     * Scores of one class, each from 0 to 1, and 0 where there is nothing to divide by.
     *
     * @param support rows with this label
     */
    public record ClassScore(
            @Schema(example = "7") String label, double precision, double recall, double f1, int support) {}

    /** A row of the held-out split that was predicted wrongly. */
    public record Mistake(
            int row,
            @Schema(example = "9") String label,
            @Schema(example = "4") String predicted,
            double probability) {}

    /**
     * How probabilities compare with the share of right answers (Guo et al., 2017).
     *
     * @param expectedCalibrationError the mean over rows of |accuracy − confidence| of their bin
     * @param bins rows by the probability of the class that was preferred, in steps of equal width
     */
    public record Calibration(double expectedCalibrationError, List<Bin> bins) {

        static Calibration of(List<Bin> bins) {
            double rows = bins.stream().mapToInt(Bin::rows).sum();
            double error = bins.stream()
                    .mapToDouble(bin -> bin.rows() / rows * Math.abs(bin.accuracy() - bin.confidence()))
                    .sum();
            return new Calibration(error, List.copyOf(bins));
        }
    }

    /**
     * Rows whose preferred class had a probability in [from, to].
     *
     * @param confidence the mean of those probabilities
     * @param accuracy the share of right answers
     */
    public record Bin(double from, double to, int rows, double confidence, double accuracy) {}

    /**
     * Derives accuracy and the scores of each class from the confusion matrix.
     *
     * @param bins of the calibration
     */
    public static ClassificationEvaluation of(
            double loss,
            Map<String, Double> metrics,
            List<String> labels,
            List<List<Integer>> confusion,
            List<Bin> bins,
            List<Mistake> mistakes) {
        List<ClassScore> scores = new ArrayList<>();
        int right = 0;
        int rows = 0;
        for (int c = 0; c < labels.size(); c++) {
            int column = c;
            int hits = confusion.get(c).get(c);
            int support = confusion.get(c).stream().mapToInt(Integer::intValue).sum();
            int predicted = confusion.stream().mapToInt(row -> row.get(column)).sum();
            double precision = ratio(hits, predicted);
            double recall = ratio(hits, support);
            double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
            scores.add(new ClassScore(labels.get(c), precision, recall, f1, support));
            right += hits;
            rows += support;
        }
        return new ClassificationEvaluation(
                loss, metrics, ratio(right, rows), List.copyOf(scores), confusion, Calibration.of(bins), mistakes);
    }

    private static double ratio(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
