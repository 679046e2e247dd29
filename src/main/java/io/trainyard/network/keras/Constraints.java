package io.trainyard.network.keras;

import io.trainyard.network.layer.Axes;
import io.trainyard.network.layer.Constraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what weights are brought back to after each step. */
final class Constraints {

    private static final KerasClasses<Constraint> CLASSES = new KerasClasses<>(Map.of(
            "MaxNorm",
            config -> new Constraint.MaxNorm(config.number("max_value", 2), axis(config))));

    private Constraints() {}

    static @Nullable Constraint read(Fields layer, String key) {
        return layer.value(key) == null ? null : CLASSES.read(layer, key);
    }

    private static Axes axis(Fields config) {
        return config.value("axis") == null ? new Axes(List.of(0)) : config.value("axis", Axes.class);
    }
}
