package io.trainyard.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Tables that are drawn from a formula, always the same. */
final class GeneratedTables {

    private static final long SEED = 42;

    private GeneratedTables() {}

    /**
     * Friedman's first regression problem (Friedman, 1991, "Multivariate adaptive regression splines"): ten uniform
     * columns, of which five matter, {@code 10 sin(π x1 x2) + 20 (x3 − ½)² + 10 x4 + 5 x5}, and normal noise.
     */
    static Table friedman(int rows) {
        Random random = new Random(SEED);
        float[][] values = new float[rows][10];
        List<String> answers = new ArrayList<>();
        for (float[] x : values) {
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextFloat();
            }
            double y = 10 * StrictMath.sin(Math.PI * x[0] * x[1])
                    + 20 * (x[2] - 0.5) * (x[2] - 0.5)
                    + 10 * x[3]
                    + 5 * x[4]
                    + random.nextGaussian();
            answers.add(Float.toString((float) y));
        }
        return new Table(IntStream.rangeClosed(1, 10).mapToObj(i -> "x" + i).toList(), values, "y", answers);
    }

    /** Two half circles that reach into each other, with normal noise: two classes that no line divides. */
    static Table moons(int rows) {
        Random random = new Random(SEED);
        float[][] values = new float[rows][2];
        List<String> answers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            boolean lower = row % 2 == 1;
            double angle = Math.PI * random.nextDouble();
            double x = lower ? 1 - StrictMath.cos(angle) : StrictMath.cos(angle);
            double y = lower ? 0.5 - StrictMath.sin(angle) : StrictMath.sin(angle);
            values[row][0] = (float) (x + 0.2 * random.nextGaussian());
            values[row][1] = (float) (y + 0.2 * random.nextGaussian());
            answers.add(lower ? "lower" : "upper");
        }
        return new Table(List.of("x", "y"), values, "moon", answers);
    }
}
