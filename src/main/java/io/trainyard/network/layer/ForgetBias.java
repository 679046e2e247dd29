package io.trainyard.network.layer;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** An LSTM's bias: 1 for the forget gate, the second of four, and {@code others} for the rest. */
record ForgetBias(Initializer others) implements Initializer {

    @Override
    public float[] sample(List<Integer> shape, SplittableRandom random) {
        int units = shape.get(0) / 4;
        float[] values = new float[4 * units];
        // Drawn apart, as Keras does: the size of a weight decides its spread.
        System.arraycopy(others.sample(List.of(units), random), 0, values, 0, units);
        Arrays.fill(values, units, 2 * units, 1);
        System.arraycopy(others.sample(List.of(2 * units), random), 0, values, 2 * units, 2 * units);
        return values;
    }
}
