package io.trainyard.network.keras;

import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.LeakyRelu;

/** Reads activation functions that are layers of their own. */
final class ActivationLayers {

    private ActivationLayers() {}

    static LayerSpec activation(LayerConfig config) {
        return new ActivationLayer(config.name(), null, config.activation("activation"));
    }

    static LayerSpec relu(LayerConfig config) {
        config.onlyNull("max_value");
        config.only("negative_slope", 0);
        config.only("threshold", 0);
        return new ActivationLayer(config.name(), null, Activation.RELU);
    }

    static LayerSpec elu(LayerConfig config) {
        config.only("alpha", 1);
        return new ActivationLayer(config.name(), null, Activation.ELU);
    }

    static LayerSpec softmax(LayerConfig config) {
        config.onlyLastAxis("axis");
        return new ActivationLayer(config.name(), null, Activation.SOFTMAX);
    }

    /** Keras 2 calls the slope alpha. */
    static LayerSpec leakyRelu(LayerConfig config) {
        String slope = config.has("alpha") ? "alpha" : "negative_slope";
        return config.make(slope, () -> new LeakyRelu(config.name(), null, config.number(slope)));
    }
}
