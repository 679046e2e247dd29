package io.trainyard.dataset;

import io.trainyard.problem.InvalidFieldException;
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

    /**
     * The split of a name in an address.
     *
     * @throws InvalidFieldException when there is none
     */
    public static Split of(String name) {
        for (Split split : values()) {
            if (split.toString().equals(name)) {
                return split;
            }
        }
        throw new InvalidFieldException("split", "must be 'train' or 'test', was '" + name + "'");
    }
}
