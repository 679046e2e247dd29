package io.trainyard.rollout;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A candidate version behind an alias.
 *
 * @param id the number of the rollout, among those of all aliases
 * @param version at which the alias points while the rollout is live
 * @param weight the share of the alias' requests that the candidate takes part in, in (0, 1]
 * @param tolerance how far two answers may be apart and agree; null where an answer is a class
 * @param endedAt null while it is live
 * @param outcome null while it is live
 */
public record Rollout(
        long id,
        String model,
        String alias,
        int version,
        int candidate,
        Mode mode,
        double weight,
        @Nullable Double tolerance,
        Instant startedAt,
        Instant changedAt,
        @Nullable Instant endedAt,
        @Nullable Outcome outcome) {

    /** What the candidate does. */
    public enum Mode {
        /** It is asked what the alias' version has answered already; what it says is compared, and never returned. */
        SHADOW,
        /** It answers in the place of the alias' version. */
        CANARY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a rollout ended. */
    public enum Outcome {
        /** The alias was moved to the candidate. */
        PROMOTED,
        /** The alias stayed where it was. */
        ROLLED_BACK,
        /** The alias was moved elsewhere or removed, or there was another candidate. */
        SUPERSEDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
