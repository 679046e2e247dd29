package io.trainyard.encoding;

import io.trainyard.problem.InvalidFieldException;
import java.util.List;

/**
 * Numbers as they are, each multiplied by {@code scale}: what is known of a network that was trained elsewhere.
 *
 * @param inputShape of one row
 * @param scale 1 to leave the numbers alone; 1/255 for pixels that the network takes from 0 to 1
 */
public record NumberEncoding(List<Integer> inputShape, double scale) implements Encoding {

    public NumberEncoding {
        inputShape = List.copyOf(inputShape);
    }

    @Override
    public String rowForm() {
        return "numbers of shape " + inputShape;
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
        if (scale != 1) {
            int end = offset + rawSize();
            for (int i = offset; i < end; i++) {
                row[i] = (float) (row[i] * scale);
            }
        }
    }

    @Override
    public float[] raw(Instance instance) {
        if (!(instance instanceof Instance.Values given)) {
            throw new InvalidFieldException(
                    "", "must be an array of " + rawSize() + " numbers, flat or nested as " + inputShape);
        }
        if (!given.shape().equals(inputShape) && !given.shape().equals(List.of(rawSize()))) {
            throw new InvalidFieldException(
                    "",
                    "has shape " + given.shape() + ", but the model takes " + inputShape + " or [" + rawSize() + "]");
        }
        for (int i = 0; i < given.values().length; i++) {
            if (!Float.isFinite(given.values()[i])) {
                throw new InvalidFieldException("", "number " + i + " must be finite");
            }
        }
        return given.values();
    }
}
