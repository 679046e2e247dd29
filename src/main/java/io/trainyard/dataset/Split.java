package io.trainyard.dataset;

import java.util.Locale;

/** A part of a dataset version. */
public enum Split {
    /** What networks are fitted to. */
    TRAIN,
    /** What training never sees: it gives the validation metrics and the evaluation. */
    TEST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
