package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Ends training when a metric no longer improves, with the meaning of Keras' callback of the same name.
 *
 * @param monitor the metric to watch
 * @param mode which direction is better
 * @param minDelta the least change that counts as an improvement
 * @param patience epochs without an improvement after which training ends
 * @param restoreBestWeights whether the published weights are those of the best epoch instead of the last
 */
public record EarlyStopping(
        Monitor monitor,
        Monitor.Mode mode,
        Double minDelta,
        @Schema(example = "3") Integer patience,
        Boolean restoreBestWeights) {

    private static final double MAX_DELTA = 1e9;

    public EarlyStopping {
        monitor = requireNonNullElse(monitor, Monitor.VAL_LOSS);
        mode = requireNonNullElse(mode, Monitor.Mode.AUTO);
        minDelta = inRange("min_delta", minDelta, 0, 0, MAX_DELTA);
        patience = inRange("patience", patience, 0, 0, TrainingSpec.MAX_EPOCHS);
        restoreBestWeights = requireNonNullElse(restoreBestWeights, false);
    }

    /** Whether {@code value} is better than {@code best}. */
    public boolean improves(double value, double best) {
        return monitor.improves(mode, value, best, minDelta);
    }
}
