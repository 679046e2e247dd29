package io.trainyard.engine;

import io.trainyard.network.LossSpec;
import io.trainyard.network.layer.Activation;
import java.util.Arrays;

/**
 * The loss of a row and its gradient, computed from what the network gives before its last softmax or sigmoid: fused, so
 * that no log(0) arises.
 */
final class Objective {

    private final LossSpec loss;
    private final Activation activation;
    private final int classes;
    private final int outputs;
    private final double[] wanted;
    private final double[] towards;

    /**
     * @param activation of the output that is still to be applied; any but softmax and sigmoid is part of the network
     * @param classes 0 where the target is a number
     * @param outputs of the network
     */
    Objective(LossSpec loss, Activation activation, int classes, int outputs) {
        this.loss = loss;
        this.activation = activation;
        this.classes = classes;
        this.outputs = outputs;
        this.wanted = new double[outputs];
        this.towards = new double[outputs];
    }

    int outputs() {
        return outputs;
    }

    /** How many values answer a row: a probability for each class, or one number. */
    int answers() {
        return Math.max(1, classes);
    }

    /** Writes the answer for a row from its prediction; one probability is that of the second of two classes. */
    void answer(float[] prediction, int offset, float[] answer) {
        if (classes == 2 && outputs == 1) {
            answer[0] = 1 - prediction[offset];
            answer[1] = prediction[offset];
        } else {
            System.arraycopy(prediction, offset, answer, 0, outputs);
        }
    }

    /** Turns the network's output of a row into its prediction: probabilities, or a number. */
    void predict(float[] output, float[] prediction, int offset) {
        switch (activation) {
            case SOFTMAX -> softmax(output, prediction, offset);
            case SIGMOID -> {
                for (int i = offset; i < offset + outputs; i++) {
                    prediction[i] = (float) (1 / (1 + Math.exp(-output[i])));
                }
            }
            default -> System.arraycopy(output, offset, prediction, offset, outputs);
        }
    }

    private void softmax(float[] output, float[] prediction, int offset) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + outputs; i++) {
            max = Math.max(max, output[i]);
        }
        double sum = 0;
        for (int i = offset; i < offset + outputs; i++) {
            sum += Math.exp(output[i] - max);
        }
        for (int i = offset; i < offset + outputs; i++) {
            prediction[i] = (float) (Math.exp(output[i] - max) / sum);
        }
    }

    /** The loss of a row whose prediction is made. */
    double loss(float[] output, float[] prediction, int offset, float target) {
        want(target);
        if (loss instanceof LossSpec.CategoricalCrossentropy) {
            return crossentropy(output, offset);
        }
        double sum = 0;
        for (int i = 0; i < outputs; i++) {
            sum += loss instanceof LossSpec.BinaryCrossentropy
                    ? binaryCrossentropy(output[offset + i], wanted[i])
                    : distance(prediction[offset + i] - wanted[i]);
        }
        return sum / outputs;
    }

    private double crossentropy(float[] output, int offset) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < outputs; i++) {
            max = Math.max(max, output[offset + i]);
        }
        double sum = 0;
        for (int i = 0; i < outputs; i++) {
            sum += Math.exp(output[offset + i] - max);
        }
        double normaliser = max + Math.log(sum);
        double total = 0;
        for (int i = 0; i < outputs; i++) {
            total += wanted[i] == 0 ? 0 : wanted[i] * (normaliser - output[offset + i]);
        }
        return total;
    }

    private static double binaryCrossentropy(double output, double wanted) {
        return Math.max(output, 0) - output * wanted + Math.log1p(Math.exp(-Math.abs(output)));
    }

    private double distance(double error) {
        if (loss instanceof LossSpec.MeanSquaredError) {
            return error * error;
        }
        if (loss instanceof LossSpec.MeanAbsoluteError) {
            return Math.abs(error);
        }
        double delta = ((LossSpec.Huber) loss).delta();
        double size = Math.abs(error);
        return size <= delta ? 0.5 * error * error : delta * size - 0.5 * delta * delta;
    }

    /**
     * Writes {@code factor} times the gradient of a row's loss towards the network's output.
     *
     * @param gradient written from {@code offset} on
     */
    void gradient(float[] prediction, float[] gradient, int offset, float target, double factor) {
        want(target);
        if (loss.isForClasses()) {
            double share = loss instanceof LossSpec.BinaryCrossentropy ? factor / outputs : factor;
            for (int i = 0; i < outputs; i++) {
                gradient[offset + i] = (float) ((prediction[offset + i] - wanted[i]) * share);
            }
            return;
        }
        double along = 0;
        for (int i = 0; i < outputs; i++) {
            towards[i] = slope(prediction[offset + i] - wanted[i]) * factor / outputs;
            along += towards[i] * prediction[offset + i];
        }
        for (int i = 0; i < outputs; i++) {
            double p = prediction[offset + i];
            gradient[offset + i] = (float)
                    switch (activation) {
                        case SOFTMAX -> p * (towards[i] - along);
                        case SIGMOID -> towards[i] * p * (1 - p);
                        default -> towards[i];
                    };
        }
    }

    private double slope(double error) {
        if (loss instanceof LossSpec.MeanSquaredError) {
            return 2 * error;
        }
        if (loss instanceof LossSpec.MeanAbsoluteError) {
            return Math.signum(error);
        }
        double delta = ((LossSpec.Huber) loss).delta();
        return Math.max(-delta, Math.min(delta, error));
    }

    /** What the outputs should be: the number, or 1 for the class and 0 for the rest, smoothed. */
    private void want(float target) {
        if (classes == 0) {
            wanted[0] = target;
            return;
        }
        if (outputs == 1) {
            wanted[0] = target;
        } else {
            Arrays.fill(wanted, 0);
            wanted[(int) target] = 1;
        }
        double smoothing = 0;
        double middle = 0;
        if (loss instanceof LossSpec.CategoricalCrossentropy categorical) {
            smoothing = categorical.labelSmoothing();
            middle = 1.0 / outputs;
        } else if (loss instanceof LossSpec.BinaryCrossentropy binary) {
            smoothing = binary.labelSmoothing();
            middle = 0.5;
        }
        if (smoothing > 0) {
            for (int i = 0; i < outputs; i++) {
                wanted[i] = wanted[i] * (1 - smoothing) + smoothing * middle;
            }
        }
    }
}
