package io.trainyard.engine;

import io.trainyard.network.layer.Weight;

/** Where the weights of a network come from. */
@FunctionalInterface
public interface WeightSource {

    /**
     * The values of a weight in Keras' layout, row-major.
     *
     * @param layer the name of the layer that has it
     */
    float[] values(String layer, Weight weight);
}
