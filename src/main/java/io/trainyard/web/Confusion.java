package io.trainyard.web;

import io.trainyard.model.ClassificationEvaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which classes were taken for which.
 *
 * @param labels the classes, in the order of rows and cells
 * @param rows the matrix; empty where there are too many classes to look at one
 * @param pairs of classes that were confused, the most often confused first
 */
record Confusion(List<String> labels, List<Row> rows, List<Pair> pairs) {

    private static final int MOST_CLASSES = 30;
    private static final int LEVELS = 9;

    /** What the rows of one class were taken for. */
    record Row(String label, List<Cell> cells) {}

    /**
     * One field of the matrix.
     *
     * @param look its classes in the style sheet: right or wrong, and how much of it
     */
    record Cell(String predicted, int count, String look) {}

    /** Rows of one class that were taken for another. */
    record Pair(String label, String predicted, int count) {}

    static Confusion of(ClassificationEvaluation evaluation) {
        List<String> labels = evaluation.classes().stream()
                .map(ClassificationEvaluation.ClassScore::label)
                .toList();
        List<Pair> pairs = pairs(labels, evaluation.confusionMatrix());
        if (labels.size() > MOST_CLASSES) {
            return new Confusion(labels, List.of(), pairs);
        }
        int worst = pairs.isEmpty() ? 1 : pairs.get(0).count();
        List<Row> rows = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            List<Integer> counts = evaluation.confusionMatrix().get(label);
            int support = evaluation.classes().get(label).support();
            List<Cell> cells = new ArrayList<>();
            for (int predicted = 0; predicted < labels.size(); predicted++) {
                int count = counts.get(predicted);
                String look = label == predicted ? "right " + heat(count, support) : "wrong " + heat(count, worst);
                cells.add(new Cell(labels.get(predicted), count, look));
            }
            rows.add(new Row(labels.get(label), cells));
        }
        return new Confusion(labels, rows, pairs);
    }

    private static List<Pair> pairs(List<String> labels, List<List<Integer>> matrix) {
        List<Pair> pairs = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            for (int predicted = 0; predicted < labels.size(); predicted++) {
                int count = matrix.get(label).get(predicted);
                if (label != predicted && count > 0) {
                    pairs.add(new Pair(labels.get(label), labels.get(predicted), count));
                }
            }
        }
        pairs.sort(Comparator.comparingInt(Pair::count).reversed());
        return pairs;
    }

    /** 0 for nothing, else from 1 to 9. */
    private static String heat(int count, int most) {
        return "heat-" + (count == 0 ? 0 : (int) Math.ceil((double) LEVELS * count / most));
    }
}
