package io.trainyard.rollout;

import java.util.Locale;

/** Who answers. */
public enum Side {
    /** The version at which the alias points. */
    VERSION,
    CANDIDATE;

    /** The one that is written so. */
    static Side of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
