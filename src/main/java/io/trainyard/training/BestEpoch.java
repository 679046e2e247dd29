package io.trainyard.training;

import io.trainyard.network.EarlyStopping;
import java.util.Map;

/** The best epoch so far, by the metric that early stopping monitors. */
final class BestEpoch {

    private final EarlyStopping stopping;
    private double value;
    private int number;

    BestEpoch(EarlyStopping stopping) {
        this.stopping = stopping;
    }

    EarlyStopping stopping() {
        return stopping;
    }

    /**
     * Takes an epoch in, by its number and figures; returns whether it is the best so far.
     */
    boolean improvedBy(int epoch, Map<String, Double> figures) {
        double monitored = figures.getOrDefault(stopping.monitor().name(), Double.NaN);
        if (Double.isNaN(monitored) || (number > 0 && !stopping.improves(monitored, value))) {
            return false;
        }
        value = monitored;
        number = epoch;
        return true;
    }

    /** Whether {@code patience} epochs have passed without an improvement. */
    boolean isExhausted(int epoch) {
        return epoch - number >= Math.max(1, stopping.patience());
    }

    /** 0 where no epoch has the metric. */
    int number() {
        return number;
    }
}
