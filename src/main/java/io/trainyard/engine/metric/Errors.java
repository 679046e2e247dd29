package io.trainyard.engine.metric;

import java.util.function.ToDoubleFunction;

/** How far predicted numbers are from the right ones. */
final class Errors implements Metric {

    private final ToDoubleFunction<Errors> figure;
    private long rows;
    private double absolute;
    private double squared;
    private double targetMean;
    private double targetSpread;

    Errors(ToDoubleFunction<Errors> figure) {
        this.figure = figure;
    }

    @Override
    public void add(float[] prediction, int offset, int outputs, float target) {
        double error = (double) target - prediction[offset];
        rows++;
        absolute += Math.abs(error);
        squared += error * error;
        // Welford's recurrence: a sum of squares would lose the digits of targets far from 0.
        double delta = target - targetMean;
        targetMean += delta / rows;
        targetSpread += delta * (target - targetMean);
    }

    @Override
    public double[] state() {
        return new double[] {rows, absolute, squared, targetMean, targetSpread};
    }

    @Override
    public void restore(double[] state) {
        rows = (long) state[0];
        absolute = state[1];
        squared = state[2];
        targetMean = state[3];
        targetSpread = state[4];
    }

    @Override
    public double value() {
        return rows == 0 ? 0 : figure.applyAsDouble(this);
    }

    double meanAbsolute() {
        return absolute / rows;
    }

    double rootMeanSquared() {
        return Math.sqrt(squared / rows);
    }

    /** 0 where all targets are equal. */
    double r2() {
        return targetSpread == 0 ? 0 : 1 - squared / targetSpread;
    }
}
