package io.trainyard.diagnosis;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;

/**
 * One thing that the curves show.
 *
 * @param evidence the points of the curves that show it
 * @param suggestions changes to try, the first one first; each is a job that would be accepted
 */
public record Finding(
        Code code,
        Severity severity,

        @Schema(example = "Overfitting: the validation loss climbs while the training loss falls")
        String title,

        @Schema(
                example =
                        "The validation loss was lowest after epoch 5, and has climbed by 14% since, while the training"
                                + " loss went on falling. The network learns its training rows by heart.")
        String detail,

        List<Evidence> evidence,
        List<Suggestion> suggestions) {

    /** What can be found. */
    public enum Code {
        DIVERGED,
        NOT_LEARNING,
        SLOW,
        NOISY,
        OVERFITTING,
        UNDERFITTING,
        UNDER_TRAINED,
        TOO_EARLY,
        HEALTHY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much it matters. */
    public enum Severity {
        /** The model is worse for it. */
        PROBLEM,
        /** There is something to gain. */
        HINT,
        /** Nothing is wrong. */
        INFO;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Finding withSuggestions(List<Suggestion> kept) {
        return new Finding(code, severity, title, detail, evidence, kept);
    }
}
