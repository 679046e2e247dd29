package io.trainyard.engine;

import java.util.Map;

/**
 * What one epoch of fitting gave.
 *
 * @param loss the mean over the rows, each as it was when its batch was fitted, penalties included; not finite when
 *     training diverged
 * @param metrics likewise, by name
 * @param learningRate of the last step
 * @param dataWaitSeconds for which the network had nothing to do, since the next batch was not made yet
 */
public record EpochResult(double loss, Map<String, Double> metrics, double learningRate, double dataWaitSeconds) {

    /** Whether the loss is no longer a number: the weights are of no use. */
    public boolean diverged() {
        return !Double.isFinite(loss);
    }
}
