package io.trainyard.network.keras;

import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Constraint;
import io.trainyard.network.layer.Initializer;
import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.Regularizer;
import io.trainyard.network.layer.Size2d;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The config of one layer: its parameters, in the types that a layer's spec has. */
final class LayerConfig extends Fields {

    private final @Nullable Integer inputRank;

    /**
     * A layer's config.
     *
     * @param inputRank the rank of what the layer takes, batch included; null where it is not known
     */
    LayerConfig(JsonNode json, String pointer, String owner, @Nullable Integer inputRank) {
        super(json, pointer, owner);
        this.inputRank = inputRank;
    }

    @Nullable
    String name() {
        return text("name");
    }

    boolean isTrainable() {
        return flag("trainable", true);
    }

    Size2d size2d(String key) {
        return value(key, Size2d.class);
    }

    /** A size in one dimension, which Keras writes as an integer or as an array of one. */
    int size1d(String key) {
        JsonNode value = required(key);
        return integer(key, value.isArray() && value.size() == 1 ? value.get(0) : value);
    }

    Padding padding() {
        return choice("padding", Padding.class);
    }

    Activation activation(String key) {
        return ActivationFunctions.read(this, key);
    }

    Initializer initializer(String key) {
        return Initializers.read(this, key);
    }

    @Nullable
    Regularizer regularizer(String key) {
        return Regularizers.read(this, key);
    }

    @Nullable
    Constraint constraint(String key) {
        return Constraints.read(this, key);
    }

    /** Refuses an initializer that this service does not let choose, unless it is the one that it uses. */
    void onlyInitializer(String key, Initializer neutral) {
        if (value(key) != null && !initializer(key).equals(neutral)) {
            throw unsupported(key, required(key), neutral.getClass().getSimpleName());
        }
    }

    /** Refuses an axis that is not the last one. */
    void onlyLastAxis(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return;
        }
        boolean several = value.isArray() && value.size() != 1;
        int axis = several ? 0 : size1d(key);
        boolean last = axis == -1 || (inputRank != null && axis == inputRank - 1);
        if (several || !last) {
            String unless = inputRank == null && axis > 0 ? " where the model has no input shape" : "";
            throw fault(key, shown(value) + " is not supported" + unless + "; only -1, the last, is");
        }
    }

    void onlyChannelsLast() {
        only("data_format", "channels_last");
    }

    /** A layer that stands in this one's config. */
    KerasLayer layer(String key) {
        KerasLayer layer = KerasLayer.of(required(key), pointer(key), " in " + owner(), null);
        if (isTrainable() && !layer.config().isTrainable()) {
            throw layer.config().fault("trainable", "false is not supported here; the whole layer can be frozen");
        }
        return layer;
    }
}
