package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** How a weight's first values are drawn, by Keras' names and formulas. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Initializer.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = Initializer.GlorotNormal.class, name = "glorot_normal"),
    @JsonSubTypes.Type(value = Initializer.GlorotUniform.class, name = "glorot_uniform"),
    @JsonSubTypes.Type(value = Initializer.HeNormal.class, name = "he_normal"),
    @JsonSubTypes.Type(value = Initializer.HeUniform.class, name = "he_uniform"),
    @JsonSubTypes.Type(value = Initializer.LecunNormal.class, name = "lecun_normal"),
    @JsonSubTypes.Type(value = Initializer.LecunUniform.class, name = "lecun_uniform"),
    @JsonSubTypes.Type(value = Initializer.Ones.class, name = "ones"),
    @JsonSubTypes.Type(value = Initializer.Orthogonal.class, name = "orthogonal"),
    @JsonSubTypes.Type(value = Initializer.RandomNormal.class, name = "random_normal"),
    @JsonSubTypes.Type(value = Initializer.RandomUniform.class, name = "random_uniform"),
    @JsonSubTypes.Type(value = Initializer.TruncatedNormal.class, name = "truncated_normal"),
    @JsonSubTypes.Type(value = Initializer.VarianceScaling.class, name = "variance_scaling"),
    @JsonSubTypes.Type(value = Initializer.Zeros.class, name = "zeros"),
})
@Schema(description = "How weights are drawn at first; a type's name stands for its defaults.")
public sealed interface Initializer
        permits Initializer.Constant,
                Initializer.GlorotNormal,
                Initializer.GlorotUniform,
                Initializer.HeNormal,
                Initializer.HeUniform,
                Initializer.LecunNormal,
                Initializer.LecunUniform,
                Initializer.Ones,
                Initializer.Orthogonal,
                Initializer.RandomNormal,
                Initializer.RandomUniform,
                Initializer.TruncatedNormal,
                Initializer.VarianceScaling,
                Initializer.Zeros,
                ForgetBias {

    double MAX = 1e6;

    /**
     * Draws the values of a weight, in row-major order.
     *
     * @param shape in Keras' layout, from which the fans are counted
     */
    float[] sample(List<Integer> shape, SplittableRandom random);

    private static int size(List<Integer> shape) {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    private static float[] fill(List<Integer> shape, DoubleSupplier value) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.getAsDouble();
        }
        return values;
    }

    /** Box and Muller's transform (1958), strict, so that a seed means the same on every machine. */
    private static double gaussian(SplittableRandom random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    /** Drawn again where it is two or more standard deviations from 0. */
    private static double truncated(SplittableRandom random) {
        double value;
        do {
            value = gaussian(random);
        } while (Math.abs(value) >= 2);
        return value;
    }

    /** All 0. */
    record Zeros() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return new float[size(shape)];
        }
    }

    /** All 1. */
    record Ones() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return fill(shape, () -> 1);
        }
    }

    /** All {@code value}. */
    record Constant(Double value) implements Initializer {
        public Constant {
            value = inRange("value", value, 0, -MAX, MAX);
        }

        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return fill(shape, () -> value);
        }
    }

    /** Normal. */
    record RandomNormal(Double mean, Double stddev) implements Initializer {
        public RandomNormal {
            mean = inRange("mean", mean, 0, -MAX, MAX);
            stddev = inRange("stddev", stddev, 0.05, 0, MAX);
        }

        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return fill(shape, () -> mean + stddev * gaussian(random));
        }
    }

    /** Normal, without what is two or more standard deviations from the mean. */
    record TruncatedNormal(Double mean, Double stddev) implements Initializer {
        public TruncatedNormal {
            mean = inRange("mean", mean, 0, -MAX, MAX);
            stddev = inRange("stddev", stddev, 0.05, 0, MAX);
        }

        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return fill(shape, () -> mean + stddev * truncated(random));
        }
    }

    /** Uniform in [minval, maxval). */
    record RandomUniform(Double minval, Double maxval) implements Initializer {
        public RandomUniform {
            minval = inRange("minval", minval, -0.05, -MAX, MAX);
            maxval = inRange("maxval", maxval, 0.05, -MAX, MAX);
            if (maxval < minval) {
                throw new InvalidFieldException("maxval", "must be at least minval, " + minval + ", was " + maxval);
            }
        }

        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return fill(shape, () -> minval + (maxval - minval) * random.nextDouble());
        }
    }

    /** Orthogonal rows or columns, from normal ones by the method of Gram and Schmidt (Saxe et al., 2014). */
    record Orthogonal(Double gain) implements Initializer {

        /** Its time grows with the square of the shorter side: this much takes most of a minute. */
        private static final int MAX_SHORTER = 2048;

        /** Whether it can be drawn for a weight of that shape in reasonable time. */
        static boolean isFeasible(List<Integer> shape) {
            long columns = shape.get(shape.size() - 1);
            long rows = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b) / columns;
            return Math.min(rows, columns) <= MAX_SHORTER;
        }

        public Orthogonal {
            gain = inRange("gain", gain, 1, -MAX, MAX);
        }

        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            int columns = shape.get(shape.size() - 1);
            int rows = size(shape) / columns;
            int longer = Math.max(rows, columns);
            int shorter = Math.min(rows, columns);
            double[][] vectors = new double[shorter][longer];
            for (int v = 0; v < shorter; v++) {
                Arrays.setAll(vectors[v], i -> gaussian(random));
                for (int before = 0; before < v; before++) {
                    add(vectors[v], -dot(vectors[v], vectors[before]), vectors[before]);
                }
                double length = Math.sqrt(dot(vectors[v], vectors[v]));
                add(vectors[v], 1 / length - 1, vectors[v]);
            }
            float[] values = new float[size(shape)];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    double entry = rows >= columns ? vectors[column][row] : vectors[row][column];
                    values[row * columns + column] = (float) (gain * entry);
                }
            }
            return values;
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }

        /** {@code a ← a + factor · b}. */
        private static void add(double[] a, double factor, double[] b) {
            for (int i = 0; i < a.length; i++) {
                a[i] += factor * b[i];
            }
        }
    }

    /** Uniform in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010). */
    record GlorotUniform() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(1, Mode.FAN_AVG, Distribution.UNIFORM, shape, random);
        }
    }

    /** Truncated normal with variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010). */
    record GlorotNormal() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(1, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL, shape, random);
        }
    }

    /** Uniform in ±√(6 / fan_in) (He et al., 2015). */
    record HeUniform() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(2, Mode.FAN_IN, Distribution.UNIFORM, shape, random);
        }
    }

    /** Truncated normal with variance 2 / fan_in (He et al., 2015). */
    record HeNormal() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(2, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL, shape, random);
        }
    }

    /** Uniform in ±√(3 / fan_in) (LeCun et al., 1998). */
    record LecunUniform() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(1, Mode.FAN_IN, Distribution.UNIFORM, shape, random);
        }
    }

    /** Truncated normal with variance 1 / fan_in (LeCun et al., 1998). */
    record LecunNormal() implements Initializer {
        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL, shape, random);
        }
    }

    /** Variance {@code scale / fan}: what the six above are cases of. */
    record VarianceScaling(Double scale, Mode mode, Distribution distribution) implements Initializer {
        public VarianceScaling {
            scale = positive("scale", scale, 1, MAX);
            mode = requireNonNullElse(mode, Mode.FAN_IN);
            distribution = requireNonNullElse(distribution, Distribution.TRUNCATED_NORMAL);
        }

        @Override
        public float[] sample(List<Integer> shape, SplittableRandom random) {
            return scaled(scale, mode, distribution, shape, random);
        }
    }

    /** Which connections count: those into a unit, out of it, or the mean of both. */
    enum Mode {
        FAN_IN,
        FAN_OUT,
        FAN_AVG;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The distribution that has the variance. */
    enum Distribution {
        TRUNCATED_NORMAL,
        UNTRUNCATED_NORMAL,
        UNIFORM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static float[] scaled(
            double scale, Mode mode, Distribution distribution, List<Integer> shape, SplittableRandom random) {
        int rank = shape.size();
        double last = shape.get(rank - 1);
        double in = rank < 2 ? last : size(shape) / last;
        double out = rank < 2 ? last : size(shape) / (double) shape.get(rank - 2);
        double fan =
                switch (mode) {
                    case FAN_IN -> in;
                    case FAN_OUT -> out;
                    case FAN_AVG -> (in + out) / 2;
                };
        double variance = scale / fan;
        return switch (distribution) {
            case UNIFORM -> {
                double limit = Math.sqrt(3 * variance);
                yield fill(shape, () -> (2 * random.nextDouble() - 1) * limit);
            }
            // The standard deviation of a normal distribution that is cut at two of its own.
            case TRUNCATED_NORMAL -> fill(shape, () -> truncated(random) * Math.sqrt(variance) / 0.8796256610342398);
            case UNTRUNCATED_NORMAL -> fill(shape, () -> gaussian(random) * Math.sqrt(variance));
        };
    }
}
