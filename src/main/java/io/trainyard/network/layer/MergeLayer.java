package io.trainyard.network.layer;

import java.util.List;

/** A layer that joins the outputs of several others. */
sealed interface MergeLayer extends LayerSpec permits Add, Concatenate, Multiply {

    @Override
    default List<Weight> weights(List<Shape> inputs) {
        return List.of();
    }

    @Override
    default double workingValues(List<Shape> inputs) {
        return 0;
    }

    /** The one shape that all inputs have. */
    static Shape common(LayerSpec layer, List<Shape> inputs) {
        atLeastTwo(layer, inputs);
        if (inputs.stream().distinct().count() > 1) {
            throw new ShapeMismatchException(
                    layer.type() + " takes inputs of one shape, but they have the shapes " + inputs);
        }
        return inputs.get(0);
    }

    static void atLeastTwo(LayerSpec layer, List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new ShapeMismatchException(layer.type()
                    + " joins two or more layers; name them in 'inputs', such as [\"dense\", \"dense_1\"]");
        }
    }
}
