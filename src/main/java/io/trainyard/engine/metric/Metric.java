package io.trainyard.engine.metric;

import io.trainyard.network.MetricSpec;

/** A figure over rows that come one by one. */
public interface Metric {

    /**
     * Takes a row in.
     *
     * @param prediction holds the row's probabilities of classes, or its number, from {@code offset} on
     * @param outputs how many values these are
     * @param target the class index, or the number
     */
    void add(float[] prediction, int offset, int outputs, float target);

    /** The figure over all rows so far; 0 where there was none. */
    double value();

    /** What it has taken in, for {@link #restore}. */
    double[] state();

    /** Goes on from where another metric of the same spec was. */
    void restore(double[] state);

    /** The metric of a spec, for so many classes. */
    static Metric of(MetricSpec spec, int classes) {
        if (spec instanceof MetricSpec.Accuracy) {
            return new TopK(1);
        }
        if (spec instanceof MetricSpec.TopKCategoricalAccuracy topK) {
            return new TopK(topK.k());
        }
        if (spec instanceof MetricSpec.Precision) {
            return new ClassFigure(classes, ClassCounts::precision);
        }
        if (spec instanceof MetricSpec.Recall) {
            return new ClassFigure(classes, ClassCounts::recall);
        }
        if (spec instanceof MetricSpec.F1Score) {
            return new ClassFigure(classes, ClassCounts::f1);
        }
        if (spec instanceof MetricSpec.Auc) {
            return new AreaUnderCurve(classes);
        }
        if (spec instanceof MetricSpec.MeanAbsoluteError) {
            return new Errors(Errors::meanAbsolute);
        }
        if (spec instanceof MetricSpec.RootMeanSquaredError) {
            return new Errors(Errors::rootMeanSquared);
        }
        if (spec instanceof MetricSpec.R2Score) {
            return new Errors(Errors::r2);
        }
        throw new IllegalStateException("no metric for " + spec);
    }

    /**
     * The index of the largest of {@code count} values from {@code offset} on, the first of equals; −1 where one is no
     * number.
     */
    static int preferred(float[] values, int offset, int count) {
        int best = 0;
        for (int c = 0; c < count; c++) {
            if (Float.isNaN(values[offset + c])) {
                return -1;
            }
            if (values[offset + c] > values[offset + best]) {
                best = c;
            }
        }
        return best;
    }
}
