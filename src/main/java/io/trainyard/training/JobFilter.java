package io.trainyard.training;

import io.trainyard.problem.InvalidFieldException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which jobs are listed; null stands for any. */
public record JobFilter(
        @Nullable JobKind kind,
        @Nullable JobStatus status,
        @Nullable String model,
        @Nullable Map<String, String> labels) {

    /**
     * Reads what a query says.
     *
     * @param label in the form {@code key=value}
     * @throws InvalidFieldException when one of them cannot be meant
     */
    public static JobFilter of(
            @Nullable String kind, @Nullable JobStatus status, @Nullable String model, @Nullable String label) {
        checkText("model", model);
        checkText("label", label);
        return new JobFilter(
                kind == null ? null : JobKind.parse(kind), status, model, label == null ? null : label(label));
    }

    private static void checkText(String parameter, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw new InvalidFieldException(parameter, "must not hold the character U+0000");
        }
    }

    private static Map<String, String> label(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new InvalidFieldException("label", "must have the form key=value, was '" + text + "'");
        }
        return Map.of(text.substring(0, equals), text.substring(equals + 1));
    }
}
