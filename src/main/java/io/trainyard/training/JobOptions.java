package io.trainyard.training;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static java.util.Objects.requireNonNullElse;

import io.trainyard.problem.InvalidFieldException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client may say of any job, checked. */
record JobOptions(int priority, Map<String, String> labels) {

    private static final int MAX_PRIORITY = 1000;
    private static final int MAX_LABELS = 32;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final int ONE_YEAR = 365 * 24 * 3600;

    /**
     * @throws InvalidFieldException when one of them is out of its range
     */
    static JobOptions of(
            @Nullable Integer priority, @Nullable Integer maxRuntimeSeconds, @Nullable Map<String, String> labels) {
        if (maxRuntimeSeconds != null) {
            inRange("max_runtime_seconds", maxRuntimeSeconds, 1, 1, ONE_YEAR);
        }
        Map<String, String> given = requireNonNullElse(labels, Map.of());
        checkLabels(given);
        return new JobOptions(inRange("priority", priority, 0, -MAX_PRIORITY, MAX_PRIORITY), Map.copyOf(given));
    }

    private static void checkLabels(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            throw new InvalidFieldException("labels", "must hold at most " + MAX_LABELS + ", was " + labels.size());
        }
        labels.forEach((key, value) -> {
            if (value == null) {
                throw new InvalidFieldException("labels", "must not hold null");
            }
            if (key.isEmpty() || key.length() > MAX_LABEL_LENGTH || value.length() > MAX_LABEL_LENGTH) {
                throw new InvalidFieldException(
                        "labels", "keys and values must have at most " + MAX_LABEL_LENGTH + " characters");
            }
            if (key.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new InvalidFieldException("labels", "must not hold the character U+0000");
            }
        });
    }
}
