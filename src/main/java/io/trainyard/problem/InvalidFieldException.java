package io.trainyard.problem;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by the compact constructors of request records: one of their fields has a value out of its range. The
 * exception handler knows where in the request the record stands, and answers with the field's full JSON pointer.
 */
public class InvalidFieldException extends IllegalArgumentException {

    private final String field;
    private final boolean wrongType;

    public InvalidFieldException(String field, String detail) {
        this(field, detail, false);
    }

    private InvalidFieldException(String field, String detail, boolean wrongType) {
        super(detail);
        this.field = field;
        this.wrongType = wrongType;
    }

    /** The value as a whole has another JSON type than it must have: the request is malformed, not only invalid. */
    public static InvalidFieldException wrongType(String detail) {
        return new InvalidFieldException("", detail, true);
    }

    /** Whether the value's JSON type is wrong, rather than the value. */
    public boolean isWrongType() {
        return wrongType;
    }

    /** The field's name in the record's JSON form, or the empty string where the whole value is at fault. */
    public String field() {
        return field;
    }

    /** What is wrong with the field. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Returns the value, unless it is missing. */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidFieldException(field, "is required");
        }
        return value;
    }

    /** Returns the value or the default, unless it is out of [min, max]. */
    public static int inRange(String field, @Nullable Integer value, int defaultValue, int min, int max) {
        if (value == null) {
            return defaultValue;
        }
        if (value < min || value > max) {
            throw new InvalidFieldException(field, "must be from " + min + " to " + max + ", was " + value);
        }
        return value;
    }

    /** Returns the value or the default, unless it is not finite or out of [min, max). */
    public static double inRange(String field, @Nullable Double value, double defaultValue, double min, double max) {
        double given = value == null ? defaultValue : value;
        if (!(given >= min && given < max)) {
            throw new InvalidFieldException(
                    field, "must be at least " + min + " and less than " + max + ", was " + given);
        }
        return given;
    }

    /** Returns the value or the default, unless it is not finite or not in (0, max]. */
    public static double positive(String field, @Nullable Double value, double defaultValue, double max) {
        double given = value == null ? defaultValue : value;
        if (!(given > 0 && given <= max)) {
            throw new InvalidFieldException(field, "must be greater than 0 and at most " + max + ", was " + given);
        }
        return given;
    }
}
