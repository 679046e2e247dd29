package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The shape of one instance: channels last, without the batch dimension, such as {@code [28, 28, 1]} or {@code [784]}.
 *
 * @param dimensions one to four sizes, each at least 1
 */
public record Shape(@JsonValue List<Integer> dimensions) {

    private static final int MAX_SIZE = 1 << 24;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Shape {
        if (dimensions.isEmpty() || dimensions.size() > 4) {
            throw new InvalidFieldException("", "a shape has one to four dimensions, was " + dimensions);
        }
        long size = 1;
        for (Integer dimension : dimensions) {
            if (dimension == null || dimension < 1) {
                throw new InvalidFieldException("", "every dimension must be at least 1, was " + dimensions);
            }
            size *= dimension;
            if (size > MAX_SIZE) {
                throw new InvalidFieldException("", "a shape holds at most " + MAX_SIZE + " values, was " + dimensions);
            }
        }
        dimensions = List.copyOf(dimensions);
    }

    public static Shape of(int... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    public int rank() {
        return dimensions.size();
    }

    /** The size of dimension {@code axis}, counted from 0. */
    public int dimension(int axis) {
        return dimensions.get(axis);
    }

    /** The last dimension: channels of a picture, or features of a vector. */
    public int last() {
        return dimensions.get(dimensions.size() - 1);
    }

    /** A dimension counted from the last, which is 0. */
    public int fromLast(int steps) {
        return dimensions.get(dimensions.size() - 1 - steps);
    }

    /** The same shape, but for its last dimension. */
    public Shape withLast(int size) {
        List<Integer> changed = new ArrayList<>(dimensions);
        changed.set(changed.size() - 1, size);
        return new Shape(changed);
    }

    /** The number of values. */
    public int size() {
        return dimensions.stream().mapToInt(Integer::intValue).reduce(1, (a, b) -> a * b);
    }

    /** The shape of an array of so many instances: {@code [rows, …]}. */
    public long[] batch(int rows) {
        return LongStream.concat(LongStream.of(rows), dimensions.stream().mapToLong(Integer::longValue))
                .toArray();
    }

    /** Whether this is {@code [height, width, channels]}. */
    public boolean isImage() {
        return rank() == 3;
    }

    /** Whether this is {@code [steps, features]}. */
    public boolean isSequence() {
        return rank() == 2;
    }

    @Override
    public String toString() {
        return dimensions.toString();
    }
}
