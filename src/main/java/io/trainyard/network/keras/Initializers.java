package io.trainyard.network.keras;

import static java.util.Map.entry;

import io.trainyard.network.layer.Initializer;
import io.trainyard.network.layer.Initializer.Distribution;
import io.trainyard.network.layer.Initializer.Mode;
import io.trainyard.network.layer.Initializer.VarianceScaling;
import java.util.Map;
import java.util.function.Function;

/** Reads initializers. Their seeds are left out: a training has one of its own. */
final class Initializers {

    /** Keras' defaults. */
    private static final Map<String, Initializer> BY_NAME = Map.ofEntries(
            entry("constant", new Initializer.Constant(0.0)),
            entry("glorot_normal", new Initializer.GlorotNormal()),
            entry("glorot_uniform", new Initializer.GlorotUniform()),
            entry("he_normal", new Initializer.HeNormal()),
            entry("he_uniform", new Initializer.HeUniform()),
            entry("lecun_normal", new Initializer.LecunNormal()),
            entry("lecun_uniform", new Initializer.LecunUniform()),
            entry("normal", new Initializer.RandomNormal(0.0, 0.05)),
            entry("one", new Initializer.Ones()),
            entry("ones", new Initializer.Ones()),
            entry("orthogonal", new Initializer.Orthogonal(1.0)),
            entry("random_normal", new Initializer.RandomNormal(0.0, 0.05)),
            entry("random_uniform", new Initializer.RandomUniform(-0.05, 0.05)),
            entry("truncated_normal", new Initializer.TruncatedNormal(0.0, 0.05)),
            entry("uniform", new Initializer.RandomUniform(-0.05, 0.05)),
            entry("zero", new Initializer.Zeros()),
            entry("zeros", new Initializer.Zeros()));

    private static final KerasClasses<Initializer> CLASSES = new KerasClasses<>(
            Map.ofEntries(
                    of("Constant", config -> new Initializer.Constant(config.number("value"))),
                    of("GlorotNormal", config -> new Initializer.GlorotNormal()),
                    of("GlorotUniform", config -> new Initializer.GlorotUniform()),
                    of("HeNormal", config -> new Initializer.HeNormal()),
                    of("HeUniform", config -> new Initializer.HeUniform()),
                    of("LecunNormal", config -> new Initializer.LecunNormal()),
                    of("LecunUniform", config -> new Initializer.LecunUniform()),
                    of("Ones", config -> new Initializer.Ones()),
                    of("Orthogonal", config -> new Initializer.Orthogonal(config.number("gain"))),
                    of("RandomNormal", Initializers::randomNormal),
                    of("RandomUniform", Initializers::randomUniform),
                    of("TruncatedNormal", Initializers::truncatedNormal),
                    of("VarianceScaling", Initializers::varianceScaling),
                    of("Zeros", config -> new Initializer.Zeros())),
            BY_NAME);

    /** What Keras calls cases of {@code VarianceScaling}, and early versions wrote as such. */
    private static final Map<VarianceScaling, Initializer> CASES = Map.of(
            new VarianceScaling(1.0, Mode.FAN_AVG, Distribution.UNIFORM), new Initializer.GlorotUniform(),
            new VarianceScaling(1.0, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL), new Initializer.GlorotNormal(),
            new VarianceScaling(2.0, Mode.FAN_IN, Distribution.UNIFORM), new Initializer.HeUniform(),
            new VarianceScaling(2.0, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL), new Initializer.HeNormal(),
            new VarianceScaling(1.0, Mode.FAN_IN, Distribution.UNIFORM), new Initializer.LecunUniform(),
            new VarianceScaling(1.0, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL), new Initializer.LecunNormal());

    private Initializers() {}

    static Initializer read(Fields layer, String key) {
        return CLASSES.read(layer, key);
    }

    private static Map.Entry<String, Function<Fields, ? extends Initializer>> of(
            String className, Function<Fields, Initializer> reader) {
        return entry(className, config -> {
            config.ignore("seed");
            config.onlyNull("input_axes", "output_axes");
            DtypePolicy.check(config, "dtype");
            return reader.apply(config);
        });
    }

    private static Initializer randomNormal(Fields config) {
        return new Initializer.RandomNormal(config.number("mean"), config.number("stddev"));
    }

    private static Initializer truncatedNormal(Fields config) {
        return new Initializer.TruncatedNormal(config.number("mean"), config.number("stddev"));
    }

    private static Initializer randomUniform(Fields config) {
        return new Initializer.RandomUniform(config.number("minval"), config.number("maxval"));
    }

    /** Early versions call a truncated normal distribution normal. */
    private static Initializer varianceScaling(Fields config) {
        Distribution distribution = config.requiredText("distribution").equals("normal")
                ? Distribution.TRUNCATED_NORMAL
                : config.choice("distribution", Distribution.class);
        VarianceScaling scaling =
                new VarianceScaling(config.number("scale"), config.choice("mode", Mode.class), distribution);
        return CASES.getOrDefault(scaling, scaling);
    }
}
