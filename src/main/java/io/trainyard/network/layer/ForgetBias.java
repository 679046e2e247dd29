package io.trainyard.network.layer;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** An LSTM's bias: 1 for the forget gate, the second of four, and {@code others} for the rest. */
record ForgetBias(Initializer others) implements Initializer {

    @Override
    public float[] sample(List<Integer> shape, SplittableRandom random) {
        float[] values = others.sample(shape, random);
        int units = values.length / 4;
        Arrays.fill(values, units, 2 * units, 1);
        return values;
    }
}
