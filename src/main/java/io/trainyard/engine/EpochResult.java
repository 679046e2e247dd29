package io.trainyard.engine;

/**
 * What one epoch of fitting gave.
 *
 * @param loss the mean over the rows, each as it was when its batch was fitted; NaN when training diverged
 * @param accuracy likewise, from 0 to 1
 */
public record EpochResult(double loss, double accuracy) {

    /** Whether the loss is no longer a number: the weights are of no use. */
    public boolean diverged() {
        return !Double.isFinite(loss);
    }
}
