package io.trainyard.engine.metric;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A figure of each class, and their mean; with two classes that of the second alone. */
final class ClassFigure implements Metric {

    private final ToDoubleFunction<ClassCounts> figure;
    private final long[] hits;
    private final long[] predicted;
    private final long[] support;

    ClassFigure(int classes, ToDoubleFunction<ClassCounts> figure) {
        this.figure = figure;
        this.hits = new long[classes];
        this.predicted = new long[classes];
        this.support = new long[classes];
    }

    @Override
    public void add(float[] prediction, int offset, int outputs, float target) {
        int label = (int) target;
        int taken = Metric.preferred(prediction, offset, outputs);
        support[label]++;
        if (taken >= 0) {
            hits[label] += label == taken ? 1 : 0;
            predicted[taken]++;
        }
    }

    @Override
    public double[] state() {
        return Stream.of(hits, predicted, support)
                .flatMapToLong(Arrays::stream)
                .asDoubleStream()
                .toArray();
    }

    @Override
    public void restore(double[] state) {
        for (int c = 0; c < hits.length; c++) {
            hits[c] = (long) state[c];
            predicted[c] = (long) state[hits.length + c];
            support[c] = (long) state[2 * hits.length + c];
        }
    }

    @Override
    public double value() {
        int first = hits.length == 2 ? 1 : 0;
        double sum = 0;
        for (int c = first; c < hits.length; c++) {
            sum += figure.applyAsDouble(new ClassCounts(hits[c], predicted[c], support[c]));
        }
        return sum / (hits.length - first);
    }
}
