package io.trainyard.network.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array that a layer learns or keeps.
 *
 * @param name Keras' name for it, such as {@code kernel} or {@code moving_mean}
 * @param shape in Keras' layout, such as {@code [height, width, in, out]} for the kernel of a 2D convolution
 * @param initializer of its values
 * @param regularizer whose penalty joins the loss
 * @param constraint that holds after each step
 * @param trainable whether steps change it
 */
public record Weight(
        String name,
        List<Integer> shape,
        Initializer initializer,
        @Nullable Regularizer regularizer,
        @Nullable Constraint constraint,
        boolean trainable) {

    /** Refuses what would take too long to be drawn. */
    public void checkFeasible() {
        if (initializer instanceof Initializer.Orthogonal && !Initializer.Orthogonal.isFeasible(shape)) {
            throw new ShapeMismatchException("the initializer orthogonal takes too long for " + name + " of shape "
                    + shape + "; choose another");
        }
    }

    /** The number of values. */
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }

    static Weight of(String name, List<Integer> shape, Initializer initializer) {
        return new Weight(name, shape, initializer, null, null, true);
    }

    static Weight of(String name, List<Integer> shape, Initializer initializer, @Nullable Regularizer regularizer) {
        return new Weight(name, shape, initializer, regularizer, null, true);
    }

    /** One that training keeps but does not train by gradients. */
    static Weight kept(String name, List<Integer> shape, Initializer initializer) {
        return new Weight(name, shape, initializer, null, null, false);
    }

    /** The same, trained or not. */
    public Weight trainable(boolean changed) {
        return new Weight(name, shape, initializer, regularizer, constraint, changed);
    }
}
