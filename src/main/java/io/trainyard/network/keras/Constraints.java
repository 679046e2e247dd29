package io.trainyard.network.keras;

import io.trainyard.network.layer.Axes;
import io.trainyard.network.layer.Constraint;
import io.trainyard.network.layer.Constraint.MaxNorm;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what weights are brought back to after each step. */
final class Constraints {

    private static final KerasClasses<Constraint> CLASSES = new KerasClasses<>(
            Map.of("MaxNorm", config -> new MaxNorm(config.number("max_value"), config.value("axis", Axes.class))),
            Map.of("max_norm", new MaxNorm(2.0, new Axes(List.of(0)))));

    private Constraints() {}

    static @Nullable Constraint read(Fields layer, String key) {
        return layer.value(key) == null ? null : CLASSES.read(layer, key);
    }
}
