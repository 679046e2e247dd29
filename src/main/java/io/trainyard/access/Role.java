package io.trainyard.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What somebody may do. A role includes others; what each operation asks for is documented in {@code docs/security.md}. */
public enum Role {
    /** Reads: jobs, curves, models, datasets. */
    VIEWER,
    /** Predicts, and reads what a model takes and answers; no training data. */
    PREDICTOR,
    /** Uploads datasets and runs jobs; views and predicts too. */
    TRAINER,
    /** Decides what serves: aliases, rollouts, imports, deletions. Trains too. */
    PUBLISHER,
    /** All of it, of all owners; keys, audit and reconciliation. */
    ADMIN;

    /** Whether who has this role may do what {@code other} may. Viewer and predictor are apart; the others build on both. */
    public boolean includes(Role other) {
        return other == this || (this.compareTo(PREDICTOR) > 0 && other.compareTo(this) < 0);
    }

    /** As it is written in JSON, settings and the database. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException naming those that there are
     */
    @JsonCreator
    public static Role parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(", "))));
    }
}
