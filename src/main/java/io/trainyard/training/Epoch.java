package io.trainyard.training;

import io.trainyard.engine.EpochResult;
import io.trainyard.engine.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a finished epoch gave.
 *
 * @param number counted from 1
 * @param evaluation of the held-out split afterwards; null where the epoch diverged before
 * @param seconds of fitting
 */
record Epoch(int number, EpochResult result, @Nullable Evaluation evaluation, double seconds, double rowsPerSecond) {

    /** Share of its time that an epoch may wait for rows without a word. */
    private static final double WAIT_WORTH_SAYING = 0.02;
    /** Of less, in seconds, nothing can be said: the first batch is always waited for. */
    private static final double SHORTEST_WAIT = 0.05;

    /** Whether the network often had nothing to do, since rows came too slowly. */
    boolean isStarved() {
        double wait = result.dataWaitSeconds();
        return wait > WAIT_WORTH_SAYING * seconds && wait >= SHORTEST_WAIT;
    }

    boolean diverged() {
        return result.diverged() || (evaluation != null && !Double.isFinite(evaluation.loss()));
    }

    /** The held-out split's loss where it is a number. */
    @Nullable
    Double valLoss() {
        return evaluation != null && Double.isFinite(evaluation.loss()) ? evaluation.loss() : null;
    }

    /** The metrics by their names in the curves, without the losses. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        result.metrics().forEach((name, value) -> put(metrics, "train_" + name, value));
        if (evaluation != null) {
            evaluation.metrics().forEach((name, value) -> put(metrics, "val_" + name, value));
        }
        return metrics;
    }

    /** JSON has no word for what is no number. */
    private static void put(Map<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
    }

    /** Losses and metrics by their names in the curves. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        put(figures, "train_loss", result.loss());
        if (evaluation != null) {
            put(figures, "val_loss", evaluation.loss());
        }
        figures.putAll(metrics());
        return figures;
    }
}
