package io.trainyard.network.layer;

import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Its inputs one after another.
 *
 * @param axis along which, with the batch as axis 0; the last where it is −1, its default
 */
public record Concatenate(@Nullable String name, @Nullable List<String> inputs, Integer axis) implements MergeLayer {

    private static final int LAST = -1;

    public Concatenate {
        inputs = Node.check(name, inputs);
        axis = axis == null ? LAST : axis;
        if (axis == 0) {
            throw new InvalidFieldException("axis", "0 is the batch; axes of an instance count from 1");
        }
    }

    /** The axis of an array of the given rank, batch included. */
    public int axis(int rank) {
        return axis < 0 ? rank + axis : axis;
    }

    @Override
    public Shape outputShape(List<Shape> shapes) {
        MergeLayer.atLeastTwo(this, shapes);
        Shape first = shapes.get(0);
        int joined = axis(first.rank() + 1) - 1;
        if (joined < 0 || joined >= first.rank()) {
            throw new ShapeMismatchException("axis " + axis + " does not exist in inputs of shape " + first);
        }
        List<Integer> dimensions = new ArrayList<>(first.dimensions());
        for (Shape other : shapes.subList(1, shapes.size())) {
            for (int d = 0; d < first.rank(); d++) {
                boolean fits =
                        other.rank() == first.rank() && (d == joined || other.dimension(d) == first.dimension(d));
                if (!fits) {
                    throw new ShapeMismatchException("concatenate takes inputs that differ in axis " + axis
                            + " alone, but they have the shapes " + shapes);
                }
            }
            dimensions.set(joined, dimensions.get(joined) + other.dimension(joined));
        }
        return new Shape(dimensions);
    }
}
