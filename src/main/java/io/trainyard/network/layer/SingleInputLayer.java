package io.trainyard.network.layer;

import java.util.List;

/** A layer that takes the output of one other. */
sealed interface SingleInputLayer extends LayerSpec
        permits ActivationLayer,
                AveragePooling1d,
                AveragePooling2d,
                BatchNormalization,
                Bidirectional,
                Conv1d,
                Conv2d,
                Dense,
                DepthwiseConv2d,
                Dropout,
                Embedding,
                Flatten,
                GaussianNoise,
                GlobalAveragePooling1d,
                GlobalAveragePooling2d,
                GlobalMaxPooling1d,
                GlobalMaxPooling2d,
                LayerNormalization,
                LeakyRelu,
                MaxPooling1d,
                MaxPooling2d,
                RecurrentLayer,
                Reshape,
                SeparableConv2d,
                SpatialDropout1d,
                SpatialDropout2d,
                UpSampling2d,
                ZeroPadding2d {

    /** The shape of the output for an input of the given shape. */
    Shape outputShape(Shape input);

    /** The layer's weights for an input of the given shape. */
    default List<Weight> weights(Shape input) {
        return List.of();
    }

    /** Values that training keeps for one instance beside the layer's output. */
    default double workingValues(Shape input) {
        return 0;
    }

    @Override
    default double workingValues(List<Shape> inputs) {
        return workingValues(only(inputs));
    }

    @Override
    default Shape outputShape(List<Shape> inputs) {
        return outputShape(only(inputs));
    }

    @Override
    default List<Weight> weights(List<Shape> inputs) {
        return weights(only(inputs));
    }

    private Shape only(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new ShapeMismatchException(type() + " takes one input, but has " + inputs.size());
        }
        return inputs.get(0);
    }
}
