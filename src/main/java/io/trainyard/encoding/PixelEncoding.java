package io.trainyard.encoding;

import io.trainyard.problem.InvalidFieldException;
import java.util.List;

/**
 * Pictures: each raw pixel in [0, maximum] is divided by {@code divisor}.
 *
 * @param inputShape {@code [height, width, channels]}
 */
public record PixelEncoding(List<Integer> inputShape, int maximum, int divisor) implements Encoding {

    public PixelEncoding {
        inputShape = List.copyOf(inputShape);
    }

    @Override
    public String rowForm() {
        return "pictures of shape " + inputShape + " with values from 0 to " + maximum;
    }

    @Override
    public int rawSize() {
        return encodedSize();
    }

    @Override
    public Instance instance(float[] raw) {
        return new Instance.Values(raw, List.of(raw.length));
    }

    @Override
    public void encode(float[] row, int offset) {
        int end = offset + rawSize();
        for (int i = offset; i < end; i++) {
            row[i] = row[i] / divisor;
        }
    }

    @Override
    public float[] raw(Instance instance) {
        if (!(instance instanceof Instance.Values given)) {
            throw new InvalidFieldException(
                    "", "must be an array of " + rawSize() + " pixels, flat or nested as " + inputShape);
        }
        checkShape(given);
        for (int i = 0; i < given.values().length; i++) {
            float pixel = given.values()[i];
            if (!(pixel >= 0 && pixel <= maximum)) {
                throw new InvalidFieldException("", "pixel " + i + " must be from 0 to " + maximum + ", was " + pixel);
            }
        }
        return given.values();
    }

    private void checkShape(Instance.Values given) {
        List<Integer> shape = given.shape();
        boolean flat = shape.equals(List.of(rawSize()));
        boolean withoutChannel = inputShape.get(inputShape.size() - 1) == 1
                && shape.equals(inputShape.subList(0, inputShape.size() - 1));
        if (!flat && !withoutChannel && !shape.equals(inputShape)) {
            throw new InvalidFieldException(
                    "", "has shape " + shape + ", but the model takes " + inputShape + " or [" + rawSize() + "]");
        }
    }
}
