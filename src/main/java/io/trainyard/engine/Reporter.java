package io.trainyard.engine;

import io.trainyard.engine.metric.Metric;
import io.trainyard.network.MetricSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Makes an evaluation's report from answers that come row by row. */
abstract sealed class Reporter {

    static Reporter of(int classes) {
        return classes > 0 ? new OfClasses(classes) : new OfNumbers();
    }

    abstract void add(int row, float[] answer, float target);

    abstract Evaluation.Report report();

    private static final class OfClasses extends Reporter {

        private static final int BINS = 10;

        private final int[][] confusion;
        private final Worst<Evaluation.Mistake> mistakes =
                new Worst<>(Comparator.comparingDouble(Evaluation.Mistake::probability)
                        .reversed()
                        .thenComparingInt(Evaluation.Mistake::row));
        private final int[] rows = new int[BINS];
        private final int[] hits = new int[BINS];
        private final double[] confidence = new double[BINS];

        OfClasses(int classes) {
            confusion = new int[classes][classes];
        }

        @Override
        void add(int row, float[] answer, float target) {
            int label = (int) target;
            int predicted = Metric.preferred(answer, 0, confusion.length);
            if (predicted < 0) {
                // The loss is no number either: the training has diverged.
                return;
            }
            float probability = answer[predicted];
            confusion[label][predicted]++;
            int bin = Math.min(BINS - 1, (int) (probability * BINS));
            rows[bin]++;
            hits[bin] += predicted == label ? 1 : 0;
            confidence[bin] += probability;
            if (predicted != label) {
                mistakes.add(new Evaluation.Mistake(row, label, predicted, probability));
            }
        }

        @Override
        Evaluation.Report report() {
            List<Evaluation.Bin> bins = new ArrayList<>();
            for (int b = 0; b < BINS; b++) {
                int count = Math.max(1, rows[b]);
                bins.add(new Evaluation.Bin(
                        (double) b / BINS, (b + 1.0) / BINS, rows[b], confidence[b] / count, (double) hits[b] / count));
            }
            return new Evaluation.Classes(
                    Arrays.stream(confusion)
                            .map(row -> Arrays.stream(row).boxed().toList())
                            .toList(),
                    bins,
                    mistakes.list());
        }
    }

    private static final class OfNumbers extends Reporter {

        private final Metric absolute = Metric.of(new MetricSpec.MeanAbsoluteError(), 0);
        private final Metric squared = Metric.of(new MetricSpec.RootMeanSquaredError(), 0);
        private final Metric r2 = Metric.of(new MetricSpec.R2Score(), 0);
        private final Worst<Evaluation.Miss> misses = new Worst<>(
                Comparator.comparingDouble((Evaluation.Miss miss) -> Math.abs(miss.target() - miss.predicted()))
                        .reversed()
                        .thenComparingInt(Evaluation.Miss::row));

        @Override
        void add(int row, float[] answer, float target) {
            for (Metric metric : List.of(absolute, squared, r2)) {
                metric.add(answer, 0, 1, target);
            }
            misses.add(new Evaluation.Miss(row, target, answer[0]));
        }

        @Override
        Evaluation.Report report() {
            return new Evaluation.Numbers(absolute.value(), squared.value(), r2.value(), misses.list());
        }
    }
}
