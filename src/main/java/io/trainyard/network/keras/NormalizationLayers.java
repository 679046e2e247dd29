package io.trainyard.network.keras;

import io.trainyard.network.layer.BatchNormalization;
import io.trainyard.network.layer.Initializer;
import io.trainyard.network.layer.LayerNormalization;
import io.trainyard.network.layer.LayerSpec;

/** Reads normalising layers. */
final class NormalizationLayers {

    private NormalizationLayers() {}

    static LayerSpec batchNormalization(LayerConfig config) {
        checkScaleAndShift(config);
        config.onlyInitializer("moving_mean_initializer", new Initializer.Zeros());
        config.onlyInitializer("moving_variance_initializer", new Initializer.Ones());
        config.onlyFalse("renorm", "synchronized");
        config.onlyNull("renorm_clipping", "virtual_batch_size", "adjustment");
        config.ignore("renorm_momentum", "fused");
        return new BatchNormalization(
                config.name(),
                null,
                config.number("momentum"),
                config.number("epsilon"),
                config.flag("scale"),
                config.flag("center"));
    }

    static LayerSpec layerNormalization(LayerConfig config) {
        checkScaleAndShift(config);
        config.onlyFalse("rms_scaling");
        return new LayerNormalization(
                config.name(), null, config.number("epsilon"), config.flag("scale"), config.flag("center"));
    }

    private static void checkScaleAndShift(LayerConfig config) {
        config.onlyLastAxis("axis");
        config.onlyInitializer("beta_initializer", new Initializer.Zeros());
        config.onlyInitializer("gamma_initializer", new Initializer.Ones());
        config.onlyNull("beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint");
    }
}
