package io.trainyard.network.keras;

import static java.util.Map.entry;

import io.trainyard.network.layer.Initializer;
import io.trainyard.network.layer.Initializer.Distribution;
import io.trainyard.network.layer.Initializer.Mode;
import io.trainyard.network.layer.Initializer.VarianceScaling;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads initializers. A parameter that is missing, as with a bare name, has Keras' default. Seeds are left out: a training
 * has one of its own.
 */
final class Initializers {

    private static final KerasClasses<Initializer> CLASSES = new KerasClasses<>(Map.ofEntries(
            of("Constant", config -> new Initializer.Constant(config.number("value", 0))),
            of("GlorotNormal", config -> new Initializer.GlorotNormal()),
            of("GlorotUniform", config -> new Initializer.GlorotUniform()),
            of("HeNormal", config -> new Initializer.HeNormal()),
            of("HeUniform", config -> new Initializer.HeUniform()),
            of("LecunNormal", config -> new Initializer.LecunNormal()),
            of("LecunUniform", config -> new Initializer.LecunUniform()),
            of("Normal", Initializers::randomNormal),
            of("One", config -> new Initializer.Ones()),
            of("Ones", config -> new Initializer.Ones()),
            of("Orthogonal", config -> new Initializer.Orthogonal(config.number("gain", 1))),
            of("RandomNormal", Initializers::randomNormal),
            of("RandomUniform", Initializers::randomUniform),
            of(
                    "TruncatedNormal",
                    config -> new Initializer.TruncatedNormal(config.number("mean", 0), config.number("stddev", 0.05))),
            of("Uniform", Initializers::randomUniform),
            of("VarianceScaling", Initializers::varianceScaling),
            of("Zero", config -> new Initializer.Zeros()),
            of("Zeros", config -> new Initializer.Zeros())));

    /** Keras before 2.4 wrote these six as cases of {@code VarianceScaling}. */
    private static final Map<VarianceScaling, Initializer> NAMED = Map.of(
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
        return new Initializer.RandomNormal(config.number("mean", 0), config.number("stddev", 0.05));
    }

    private static Initializer randomUniform(Fields config) {
        return new Initializer.RandomUniform(config.number("minval", -0.05), config.number("maxval", 0.05));
    }

    private static Initializer varianceScaling(Fields config) {
        Distribution distribution = "normal".equals(config.text("distribution"))
                ? Distribution.TRUNCATED_NORMAL
                : config.choice("distribution", Distribution.class);
        VarianceScaling scaling =
                new VarianceScaling(config.number("scale"), config.choice("mode", Mode.class), distribution);
        return NAMED.getOrDefault(scaling, scaling);
    }
}
