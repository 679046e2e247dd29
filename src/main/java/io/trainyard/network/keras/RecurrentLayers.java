package io.trainyard.network.keras;

import io.trainyard.network.layer.Bidirectional;
import io.trainyard.network.layer.Gru;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Lstm;
import io.trainyard.network.layer.RecurrentLayer;
import org.jspecify.annotations.Nullable;

/** Reads recurrent layers. */
final class RecurrentLayers {

    private RecurrentLayers() {}

    static LayerSpec lstm(LayerConfig config) {
        return lstm(config, config.name(), config.flag("go_backwards"));
    }

    static LayerSpec gru(LayerConfig config) {
        return gru(config, config.name(), config.flag("go_backwards"));
    }

    private static RecurrentLayer lstm(LayerConfig config, @Nullable String name, boolean goBackwards) {
        checkRecurrent(config);
        return new Lstm(
                name,
                null,
                config.integer("units"),
                config.activation("activation"),
                config.activation("recurrent_activation"),
                config.flag("use_bias"),
                config.flag("unit_forget_bias"),
                config.flag("return_sequences"),
                goBackwards,
                config.initializer("kernel_initializer"),
                config.initializer("recurrent_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("kernel_regularizer"),
                config.regularizer("recurrent_regularizer"),
                config.regularizer("bias_regularizer"));
    }

    private static RecurrentLayer gru(LayerConfig config, @Nullable String name, boolean goBackwards) {
        checkRecurrent(config);
        return new Gru(
                name,
                null,
                config.integer("units"),
                config.activation("activation"),
                config.activation("recurrent_activation"),
                config.flag("use_bias"),
                config.flag("reset_after"),
                config.flag("return_sequences"),
                goBackwards,
                config.initializer("kernel_initializer"),
                config.initializer("recurrent_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("kernel_regularizer"),
                config.regularizer("recurrent_regularizer"),
                config.regularizer("bias_regularizer"));
    }

    private static void checkRecurrent(LayerConfig config) {
        config.onlyFalse("return_state", "stateful", "time_major");
        config.only("dropout", 0);
        config.only("recurrent_dropout", 0);
        config.onlyNull("kernel_constraint", "recurrent_constraint", "bias_constraint");
        // How it is computed, and what becomes of masked steps, of which there are none.
        config.ignore("unroll", "implementation", "use_cudnn", "zero_output_for_mask", "seed");
    }

    /** Keras 3 also writes the layer of the second direction, which must be the mirror of the first. */
    static LayerSpec bidirectional(LayerConfig config) {
        RecurrentLayer layer = direction(config.layer("layer"), false);
        if (config.value("backward_layer") != null && !layer.equals(direction(config.layer("backward_layer"), true))) {
            throw config.fault("backward_layer", "differs from 'layer', which is not supported");
        }
        if (config.has("merge_mode") && config.value("merge_mode") == null) {
            throw config.fault("merge_mode", "null is not supported; it would give two outputs");
        }
        return new Bidirectional(config.name(), null, layer, config.choice("merge_mode", Bidirectional.Merge.class));
    }

    /** One direction's layer without its name, and as if it read forwards. */
    private static RecurrentLayer direction(KerasLayer inner, boolean backwards) {
        return inner.read(config -> {
            if (config.flag("go_backwards") != backwards) {
                throw config.fault("go_backwards", "must be " + backwards + " in this direction");
            }
            return switch (inner.className()) {
                case "LSTM" -> lstm(config, null, false);
                case "GRU" -> gru(config, null, false);
                default -> throw inner.unsupported("is not supported; only LSTM and GRU are");
            };
        });
    }
}
