package io.trainyard.model;

import java.util.List;
import java.util.Map;

/**
 * How numbers are told.
 *
 * @param meanAbsoluteError the mean of |target − predicted|
 * @param rootMeanSquaredError √ of the mean of (target − predicted)²
 * @param r2Score 1 − Σ(target − predicted)² / Σ(target − mean target)²
 * @param worst the largest errors first
 */
public record RegressionEvaluation(
        double loss,
        Map<String, Double> metrics,
        double meanAbsoluteError,
        double rootMeanSquaredError,
        double r2Score,
        List<Miss> worst)
        implements VersionEvaluation {

    /** How far off a row of the held-out split was. */
    public record Miss(int row, double target, double predicted) {}
}
