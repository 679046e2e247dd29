package io.trainyard.encoding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, fitted on the training split and stored as JSON. A raw value is one number, {@link #MISSING} where
 * there is none; it becomes one or more of the network's inputs.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = NumericColumn.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = NumericColumn.class, name = "numeric"),
    @JsonSubTypes.Type(value = CategoricalColumn.class, name = "categorical"),
})
public sealed interface Column permits NumericColumn, CategoricalColumn {

    /** The raw value of an empty cell. */
    float MISSING = Float.NaN;

    String name();

    /** How many of the network's inputs it becomes; at least one. */
    int width();

    /** Writes the inputs that a raw value becomes into {@code row} from {@code offset} on. */
    void encode(float raw, float[] row, int offset);

    /**
     * The raw value of what a client sends.
     *
     * @param value a number, a text, or null where there is none
     * @throws InvalidFieldException when the column does not take it
     */
    float raw(@Nullable Object value);

    /** What a client would send for a raw value: the inverse of {@link #raw}. */
    @Nullable
    Object value(float raw);
}
