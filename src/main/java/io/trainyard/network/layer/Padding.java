package io.trainyard.network.layer;

import java.util.Locale;

/** How a window meets the border, in Keras' terms. */
public enum Padding {
    /** No padding: the window stays inside. */
    VALID,
    /** Zeros around, so that the output has ⌈input / stride⌉ positions; an odd one goes to the bottom and right. */
    SAME;

    /** Positions of a window along one dimension; zero or less when it does not fit. */
    int positions(int input, int window, int stride) {
        return switch (this) {
            case VALID -> input < window ? 0 : (input - window) / stride + 1;
            case SAME -> (input + stride - 1) / stride;
        };
    }

    /**
     * Zeros that SAME puts around one dimension; fewer than none where a stride above the window leaves values out.
     *
     * @param span of the window, dilation included
     */
    public static int zeros(int input, int span, int stride) {
        return (SAME.positions(input, span, stride) - 1) * stride + span - input;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
