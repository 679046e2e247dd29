package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;

/**
 * Ends training when a metric no longer improves, with the meaning of Keras' callback of the same name.
 *
 * @param monitor the metric to watch
 * @param minDelta the least change that counts as an improvement
 * @param patience epochs without an improvement after which training ends
 * @param restoreBestWeights whether the published weights are those of the best epoch instead of the last
 */
public record EarlyStopping(
        Monitor monitor,
        Double minDelta,
        @Schema(example = "3") Integer patience,
        Boolean restoreBestWeights) {

    /** The metric of an epoch that early stopping watches. */
    public enum Monitor {
        VAL_LOSS,
        VAL_ACCURACY,
        TRAIN_LOSS,
        TRAIN_ACCURACY;

        /** Whether {@code value} is better than {@code best} by more than {@code minDelta}. */
        public boolean improves(double value, double best, double minDelta) {
            return switch (this) {
                case VAL_LOSS, TRAIN_LOSS -> value < best - minDelta;
                case VAL_ACCURACY, TRAIN_ACCURACY -> value > best + minDelta;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EarlyStopping {
        monitor = requireNonNullElse(monitor, Monitor.VAL_LOSS);
        minDelta = inRange("min_delta", minDelta, 0, 0, 1e9);
        patience = inRange("patience", patience, 0, 0, TrainingSpec.MAX_EPOCHS);
        restoreBestWeights = requireNonNullElse(restoreBestWeights, false);
    }
}
