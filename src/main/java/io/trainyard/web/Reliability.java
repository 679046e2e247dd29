package io.trainyard.web;

import io.trainyard.model.ClassificationEvaluation;
import io.trainyard.model.ClassificationEvaluation.Bin;
import java.util.List;
import java.util.Locale;

/**
 * A diagram of what probabilities say and how often they are right, in the units of its picture.
 *
 * @param words what it says
 */
record Reliability(double error, List<Bar> bars, String words) {

    static final double LEFT = 56;
    static final double TOP = 10;
    static final double WIDTH = 270;
    static final double HEIGHT = 170;

    /** A mean that is off by less is not worth a word. */
    private static final double TOLERANCE = 0.02;
    /** Fewer rows say little. */
    private static final int FEW = 300;

    /**
     * A bin that has rows.
     *
     * @param dot the height at which its mean probability lies
     */
    record Bar(double x, double y, double width, double height, double middle, double dot, Bin bin) {

        static Bar of(Bin bin) {
            double height = HEIGHT * bin.accuracy();
            return new Bar(
                    LEFT + WIDTH * bin.from() + 1,
                    TOP + HEIGHT - height,
                    WIDTH * (bin.to() - bin.from()) - 2,
                    height,
                    LEFT + WIDTH * bin.confidence(),
                    TOP + HEIGHT * (1 - bin.accuracy()),
                    bin);
        }
    }

    static Reliability of(ClassificationEvaluation.Calibration calibration) {
        List<Bin> bins =
                calibration.bins().stream().filter(bin -> bin.rows() > 0).toList();
        return new Reliability(
                calibration.expectedCalibrationError(),
                bins.stream().map(Bar::of).toList(),
                words(bins, calibration.expectedCalibrationError()));
    }

    private static String words(List<Bin> bins, double error) {
        int rows = bins.stream().mapToInt(Bin::rows).sum();
        double confidence = mean(
                bins.stream().mapToDouble(bin -> bin.rows() * bin.confidence()).sum(), rows);
        double accuracy = mean(
                bins.stream().mapToDouble(bin -> bin.rows() * bin.accuracy()).sum(), rows);
        String verdict;
        if (confidence - accuracy > TOLERANCE) {
            verdict = "It is too sure of itself";
        } else if (accuracy - confidence > TOLERANCE) {
            verdict = "It knows more than it dares to say";
        } else if (error > TOLERANCE) {
            verdict = "It is right about as often as it thinks, but not at each probability";
        } else {
            verdict = "Its probabilities can be believed";
        }
        return String.format(
                Locale.ROOT,
                "%s: on average it says %.1f%% and is right %.1f%% of the time.%s",
                verdict,
                100 * confidence,
                100 * accuracy,
                rows < FEW ? " But " + rows + " rows are few to judge it by." : "");
    }

    private static double mean(double sum, int rows) {
        return rows == 0 ? 0 : sum / rows;
    }
}
