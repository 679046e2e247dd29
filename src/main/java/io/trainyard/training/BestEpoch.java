package io.trainyard.training;

import io.trainyard.engine.EpochResult;
import io.trainyard.engine.Evaluation;
import io.trainyard.network.EarlyStopping;
import org.jspecify.annotations.Nullable;

/** The best epoch so far, by the metric that early stopping monitors. */
final class BestEpoch {

    private final EarlyStopping stopping;
    private double value;
    private int epoch;
    private @Nullable Evaluation evaluation;

    BestEpoch(EarlyStopping stopping) {
        this.stopping = stopping;
    }

    /** Takes an epoch in; returns whether it is the best so far. */
    boolean improvedBy(int number, EpochResult result, Evaluation evaluated) {
        double monitored =
                switch (stopping.monitor()) {
                    case VAL_LOSS -> evaluated.loss();
                    case VAL_ACCURACY -> evaluated.accuracy();
                    case TRAIN_LOSS -> result.loss();
                    case TRAIN_ACCURACY -> result.accuracy();
                };
        if (evaluation != null && !stopping.monitor().improves(monitored, value, stopping.minDelta())) {
            return false;
        }
        value = monitored;
        epoch = number;
        evaluation = evaluated;
        return true;
    }

    /** Whether {@code patience} epochs have passed without an improvement. */
    boolean isExhausted(int number) {
        return number - epoch >= Math.max(1, stopping.patience());
    }

    int epoch() {
        return epoch;
    }

    Evaluation evaluation() {
        if (evaluation == null) {
            throw new IllegalStateException("no epoch was taken in");
        }
        return evaluation;
    }
}
