package io.trainyard.engine;

import io.trainyard.network.Loss;

/** Sums loss and hits over rows of class probabilities. */
final class Scores {

    /** Below this a probability is taken as this, so that no log(0) arises: the loss of a row is at most 87.3. */
    private static final double TINY = Float.MIN_NORMAL;

    private final Loss loss;
    private double lossSum;
    private long hits;
    private long rows;

    Scores(Loss loss) {
        this.loss = loss;
    }

    /**
     * Adds a row and returns the predicted class.
     *
     * @param values probabilities of all rows, in row-major order
     */
    int add(float[] values, int row, int classes, int label) {
        int offset = row * classes;
        int best = 0;
        double squares = 0;
        for (int c = 0; c < classes; c++) {
            if (values[offset + c] > values[offset + best]) {
                best = c;
            }
            double error = (c == label ? 1 : 0) - values[offset + c];
            squares += error * error;
        }
        lossSum += switch (loss) {
            case CATEGORICAL_CROSSENTROPY -> -Math.log(Math.max(values[offset + label], TINY));
            case MSE -> squares / classes;
        };
        // A comparison with NaN is false, which would make class 0 win.
        if (Double.isNaN(squares)) {
            lossSum = Double.NaN;
        }
        hits += best == label ? 1 : 0;
        rows++;
        return best;
    }

    double meanLoss() {
        return lossSum / rows;
    }

    double accuracy() {
        return (double) hits / rows;
    }

    /** Replaces rows of logits by their softmax, in place. */
    static void softmax(float[] values, int classes) {
        for (int offset = 0; offset < values.length; offset += classes) {
            float max = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                max = Math.max(max, values[offset + c]);
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(values[offset + c] - max);
            }
            for (int c = 0; c < classes; c++) {
                values[offset + c] = (float) (Math.exp(values[offset + c] - max) / sum);
            }
        }
    }
}
