package io.trainyard.network.keras;

import io.trainyard.network.layer.AveragePooling1d;
import io.trainyard.network.layer.AveragePooling2d;
import io.trainyard.network.layer.GlobalAveragePooling1d;
import io.trainyard.network.layer.GlobalAveragePooling2d;
import io.trainyard.network.layer.GlobalMaxPooling1d;
import io.trainyard.network.layer.GlobalMaxPooling2d;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.MaxPooling1d;
import io.trainyard.network.layer.MaxPooling2d;

/** Reads pooling layers. */
final class PoolingLayers {

    private PoolingLayers() {}

    static LayerSpec averagePooling1d(LayerConfig config) {
        config.onlyChannelsLast();
        return new AveragePooling1d(
                config.name(), null, config.size1d("pool_size"), config.size1d("strides"), config.padding());
    }

    static LayerSpec averagePooling2d(LayerConfig config) {
        config.onlyChannelsLast();
        return new AveragePooling2d(
                config.name(), null, config.size2d("pool_size"), config.size2d("strides"), config.padding());
    }

    static LayerSpec maxPooling1d(LayerConfig config) {
        config.onlyChannelsLast();
        return new MaxPooling1d(
                config.name(), null, config.size1d("pool_size"), config.size1d("strides"), config.padding());
    }

    static LayerSpec maxPooling2d(LayerConfig config) {
        config.onlyChannelsLast();
        return new MaxPooling2d(
                config.name(), null, config.size2d("pool_size"), config.size2d("strides"), config.padding());
    }

    static LayerSpec globalAveragePooling1d(LayerConfig config) {
        checkGlobal(config);
        return new GlobalAveragePooling1d(config.name(), null);
    }

    static LayerSpec globalAveragePooling2d(LayerConfig config) {
        checkGlobal(config);
        return new GlobalAveragePooling2d(config.name(), null);
    }

    static LayerSpec globalMaxPooling1d(LayerConfig config) {
        checkGlobal(config);
        return new GlobalMaxPooling1d(config.name(), null);
    }

    static LayerSpec globalMaxPooling2d(LayerConfig config) {
        checkGlobal(config);
        return new GlobalMaxPooling2d(config.name(), null);
    }

    private static void checkGlobal(LayerConfig config) {
        config.onlyChannelsLast();
        config.onlyFalse("keepdims");
    }
}
