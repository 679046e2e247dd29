package io.trainyard.network;

import java.util.Locale;

/** What a network is to tell about a row. */
public enum Task {
    /** Which of several classes it belongs to. */
    CLASSIFICATION,
    /** A number. */
    REGRESSION;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
