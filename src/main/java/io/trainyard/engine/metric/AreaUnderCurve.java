package io.trainyard.engine.metric;

import java.util.Arrays;

/**
 * The area under the ROC curve, exact: the chance that a row of a class has a higher score for it than a row of another,
 * ties counting half (Hanley and McNeil, 1982). The mean over classes; with two classes that of the second.
 */
final class AreaUnderCurve implements Metric {

    private final int classes;
    private float[] scores = new float[1024];
    private int[] labels = new int[1024];
    private int rows;

    AreaUnderCurve(int classes) {
        this.classes = classes;
    }

    @Override
    public void add(float[] prediction, int offset, int outputs, float target) {
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
        }
        if ((rows + 1) * classes > scores.length) {
            scores = Arrays.copyOf(scores, 2 * (rows + 1) * classes);
        }
        System.arraycopy(prediction, offset, scores, rows * classes, classes);
        labels[rows++] = (int) target;
    }

    @Override
    public double[] state() {
        double[] state = new double[rows * (classes + 1)];
        for (int row = 0; row < rows; row++) {
            int at = row * (classes + 1);
            state[at] = labels[row];
            for (int c = 0; c < classes; c++) {
                state[at + 1 + c] = scores[row * classes + c];
            }
        }
        return state;
    }

    @Override
    public void restore(double[] state) {
        rows = 0;
        float[] prediction = new float[classes];
        for (int at = 0; at < state.length; at += classes + 1) {
            for (int c = 0; c < classes; c++) {
                prediction[c] = (float) state[at + 1 + c];
            }
            add(prediction, 0, classes, (float) state[at]);
        }
    }

    @Override
    public double value() {
        int first = classes == 2 ? 1 : 0;
        double sum = 0;
        int counted = 0;
        for (int c = first; c < classes; c++) {
            double area = area(c);
            if (!Double.isNaN(area)) {
                sum += area;
                counted++;
            }
        }
        return counted == 0 ? 0 : sum / counted;
    }

    /** NaN where all rows are of the class, or none. */
    private double area(int of) {
        float[] inside = new float[rows];
        float[] outside = new float[rows];
        int in = 0;
        int out = 0;
        for (int row = 0; row < rows; row++) {
            float score = scores[row * classes + of];
            if (labels[row] == of) {
                inside[in++] = score;
            } else {
                outside[out++] = score;
            }
        }
        Arrays.sort(inside, 0, in);
        Arrays.sort(outside, 0, out);
        double wins = 0;
        int below = 0;
        int notAbove = 0;
        // What is no number stands at the end, and wins nothing.
        for (int i = 0; i < in && !Float.isNaN(inside[i]); i++) {
            while (below < out && outside[below] < inside[i]) {
                below++;
            }
            while (notAbove < out && outside[notAbove] <= inside[i]) {
                notAbove++;
            }
            wins += (below + notAbove) / 2.0;
        }
        return wins / in / out;
    }
}
