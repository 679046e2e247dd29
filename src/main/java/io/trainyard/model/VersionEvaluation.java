package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * How a version does on the held-out split.
 *
 * @param loss the mean over the rows
 * @param accuracy from 0 to 1
 * @param confusionMatrix rows of the split with label i that were taken for j; i and j are indices into the classes
 * @param mistakes the worst first: wrong, and sure of it
 */
public record VersionEvaluation(
        double loss,
        double accuracy,
        List<ClassScore> classes,
        List<List<Integer>> confusionMatrix,
        List<Mistake> mistakes) {

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

    /** Derives the scores of each class from the confusion matrix. */
    public static VersionEvaluation of(
            double loss, double accuracy, List<String> labels, List<List<Integer>> confusion, List<Mistake> mistakes) {
        List<ClassScore> scores = new ArrayList<>();
        for (int c = 0; c < labels.size(); c++) {
            int column = c;
            int hits = confusion.get(c).get(c);
            int support = confusion.get(c).stream().mapToInt(Integer::intValue).sum();
            int predicted = confusion.stream().mapToInt(row -> row.get(column)).sum();
            double precision = ratio(hits, predicted);
            double recall = ratio(hits, support);
            double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
            scores.add(new ClassScore(labels.get(c), precision, recall, f1, support));
        }
        return new VersionEvaluation(loss, accuracy, List.copyOf(scores), confusion, mistakes);
    }

    private static double ratio(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
