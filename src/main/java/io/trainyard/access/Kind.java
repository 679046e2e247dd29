package io.trainyard.access;

import java.util.Locale;

/** What has an owner. */
public enum Kind {
    JOB,
    MODEL,
    DATASET;

    /** As problems call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
