package io.trainyard.training;

import io.trainyard.engine.Evaluation;
import io.trainyard.network.EarlyStopping;
import org.jspecify.annotations.Nullable;

/** The best epoch so far, by the metric that early stopping monitors. */
final class BestEpoch {

    private final EarlyStopping stopping;
    private double value;
    private int number;
    private @Nullable Evaluation evaluation;

    BestEpoch(EarlyStopping stopping) {
        this.stopping = stopping;
    }

    /** Takes an epoch in; returns whether it is the best so far. */
    boolean improvedBy(Epoch epoch) {
        double monitored = epoch.figures().getOrDefault(stopping.monitor().name(), Double.NaN);
        if (Double.isNaN(monitored) || (evaluation != null && !stopping.improves(monitored, value))) {
            return false;
        }
        value = monitored;
        number = epoch.number();
        evaluation = epoch.evaluation();
        return true;
    }

    /** Whether {@code patience} epochs have passed without an improvement. */
    boolean isExhausted(int epoch) {
        return epoch - number >= Math.max(1, stopping.patience());
    }

    int number() {
        return number;
    }

    Evaluation evaluation() {
        if (evaluation == null) {
            throw new IllegalStateException("no epoch was taken in");
        }
        return evaluation;
    }
}
