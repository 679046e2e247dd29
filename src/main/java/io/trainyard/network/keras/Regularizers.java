package io.trainyard.network.keras;

import io.trainyard.network.layer.Regularizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads penalties on weights. */
final class Regularizers {

    private static final KerasClasses<Regularizer> CLASSES = new KerasClasses<>(
            Map.of(
                    "L1", config -> new Regularizer.L1(config.number("l1")),
                    "L2", config -> new Regularizer.L2(config.number("l2")),
                    "L1L2", config -> new Regularizer.L1L2(config.number("l1"), config.number("l2"))),
            Map.of(
                    "l1", new Regularizer.L1(0.01),
                    "l2", new Regularizer.L2(0.01),
                    "l1_l2", new Regularizer.L1L2(0.01, 0.01)));

    private Regularizers() {}

    static @Nullable Regularizer read(Fields layer, String key) {
        return layer.value(key) == null ? null : CLASSES.read(layer, key);
    }
}
