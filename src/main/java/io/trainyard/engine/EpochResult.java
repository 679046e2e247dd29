package io.trainyard.engine;

import java.util.Map;

/**
 * What one epoch of fitting gave.
 *
 * @param loss the mean over the rows, each as it was when its batch was fitted, penalties included; not finite when
 *     training diverged
 * @param metrics likewise, by name
 * @param learningRate of the last step
 */
public record EpochResult(double loss, Map<String, Double> metrics, double learningRate) {

    /** Whether the loss is no longer a number: the weights are of no use. */
    public boolean diverged() {
        return !Double.isFinite(loss);
    }
}
