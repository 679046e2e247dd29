package io.trainyard.encoding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.OptionalInt;

/** A fitted preprocessing, stored as JSON: how a raw row becomes the values of the network's input. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PixelEncoding.class, name = "pixels"),
    @JsonSubTypes.Type(value = ColumnEncoding.class, name = "columns"),
    @JsonSubTypes.Type(value = NumberEncoding.class, name = "numbers"),
})
public sealed interface Encoding permits PixelEncoding, ColumnEncoding, NumberEncoding {

    /** The shape of one encoded row: the network's input shape. */
    List<Integer> inputShape();

    /** What a raw row is, in words. What is said of two encodings in the same words takes the same rows. */
    String rowForm();

    /** A number below which every encoded value is a whole one from 0 on; none where values are of another kind. */
    default OptionalInt wholeBelow() {
        return OptionalInt.empty();
    }

    /** The number of raw values in a row; at most {@link #encodedSize}. */
    int rawSize();

    /** The number of encoded values in a row. */
    default int encodedSize() {
        return inputShape().stream().mapToInt(Integer::intValue).reduce(1, (a, b) -> a * b);
    }

    /**
     * Replaces raw values by encoded ones.
     *
     * @param row where the raw values stand from {@code offset} on, with room for the encoded ones
     */
    void encode(float[] row, int offset);

    /**
     * Takes the raw values out of an instance, checked.
     *
     * @throws InvalidFieldException when the instance has another form than the rows that the network was trained on
     */
    float[] raw(Instance instance);

    /** The instance that a client would send for a raw row: the inverse of {@link #raw}. */
    Instance instance(float[] raw);
}
