package io.trainyard.network.keras;

import io.trainyard.network.layer.Dense;
import io.trainyard.network.layer.Dropout;
import io.trainyard.network.layer.Embedding;
import io.trainyard.network.layer.Flatten;
import io.trainyard.network.layer.GaussianNoise;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Reshape;
import io.trainyard.network.layer.SpatialDropout1d;
import io.trainyard.network.layer.SpatialDropout2d;
import org.jspecify.annotations.Nullable;

/** Reads dense, embedding, reshaping and regularising layers. */
final class CoreLayers {

    private CoreLayers() {}

    static LayerSpec dense(LayerConfig config) {
        return dense(config, config.name());
    }

    /** A dense layer in each step is the dense layer: it works over the last axis. */
    static LayerSpec timeDistributed(LayerConfig config) {
        KerasLayer inner = config.layer("layer");
        if (!inner.className().equals("Dense")) {
            throw inner.unsupported("is not supported; only Dense is");
        }
        return inner.read(dense -> dense(dense, config.name()));
    }

    private static LayerSpec dense(LayerConfig config, @Nullable String name) {
        config.onlyNull("bias_constraint", "lora_rank", "lora_alpha", "quantization_config");
        return new Dense(
                name,
                null,
                config.integer("units"),
                config.activation("activation"),
                config.flag("use_bias"),
                config.initializer("kernel_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("kernel_regularizer"),
                config.regularizer("bias_regularizer"),
                config.constraint("kernel_constraint"));
    }

    static LayerSpec embedding(LayerConfig config) {
        config.onlyNull("embeddings_constraint", "lora_rank", "lora_alpha", "quantization_config");
        config.onlyFalse("mask_zero", "sparse");
        config.ignore("input_length");
        return new Embedding(
                config.name(),
                null,
                config.integer("input_dim"),
                config.integer("output_dim"),
                config.initializer("embeddings_initializer"),
                config.regularizer("embeddings_regularizer"));
    }

    static LayerSpec flatten(LayerConfig config) {
        config.onlyChannelsLast();
        return new Flatten(config.name(), null);
    }

    static LayerSpec reshape(LayerConfig config) {
        return new Reshape(config.name(), null, config.integers("target_shape"));
    }

    static LayerSpec dropout(LayerConfig config) {
        return new Dropout(config.name(), null, rate(config));
    }

    static LayerSpec spatialDropout1d(LayerConfig config) {
        return new SpatialDropout1d(config.name(), null, rate(config));
    }

    static LayerSpec spatialDropout2d(LayerConfig config) {
        config.onlyChannelsLast();
        return new SpatialDropout2d(config.name(), null, rate(config));
    }

    private static double rate(LayerConfig config) {
        config.ignore("seed");
        config.onlyNull("noise_shape");
        return config.number("rate");
    }

    static LayerSpec gaussianNoise(LayerConfig config) {
        config.ignore("seed");
        return new GaussianNoise(config.name(), null, config.number("stddev"));
    }
}
