package io.trainyard.encoding;

import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, standardised: {@code (value − mean) / std}.
 *
 * @param mean of the training split; 0 to leave numbers as they are
 * @param std likewise; 1 to leave numbers as they are
 * @param missing what a missing value becomes; null where a row must have one
 */
public record NumericColumn(
        String name, double mean, double std, @Nullable Missing missing) implements Column {

    /**
     * @param fill the number that stands for a missing one
     * @param indicator whether a second input, 1 or 0, says that it was missing
     */
    public record Missing(double fill, boolean indicator) {}

    private boolean hasIndicator() {
        return missing != null && missing.indicator();
    }

    @Override
    public int width() {
        return hasIndicator() ? 2 : 1;
    }

    @Override
    public void encode(float raw, float[] row, int offset) {
        // What is beyond a float, as a held-out row may be, must not become infinite in the network.
        row[offset] = Math.max(
                -Float.MAX_VALUE,
                Math.min(Float.MAX_VALUE, encoded(Float.isNaN(raw) && missing != null ? missing.fill() : raw)));
        if (hasIndicator()) {
            row[offset + 1] = Float.isNaN(raw) ? 1 : 0;
        }
    }

    private float encoded(double value) {
        return (float) ((value - mean) / (std > 0 ? std : 1));
    }

    @Override
    public float raw(@Nullable Object value) {
        if (value == null) {
            if (missing == null) {
                throw new InvalidFieldException(name, "is required");
            }
            return MISSING;
        }
        if (!(value instanceof Number number)) {
            throw new InvalidFieldException(name, "must be a number");
        }
        float raw = number.floatValue();
        if (!Float.isFinite(raw)) {
            throw new InvalidFieldException(name, "must be a finite number");
        }
        if (!Float.isFinite(encoded(raw))) {
            throw new InvalidFieldException(name, "is too far from the numbers that the network was trained on");
        }
        return raw;
    }

    @Override
    public @Nullable Object value(float raw) {
        return Float.isNaN(raw) ? null : (Object) raw;
    }
}
