package io.trainyard.network.keras;

import io.trainyard.network.layer.Borders;
import io.trainyard.network.layer.Conv1d;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.DepthwiseConv2d;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.SeparableConv2d;
import io.trainyard.network.layer.Size2d;
import io.trainyard.network.layer.UpSampling2d;
import io.trainyard.network.layer.ZeroPadding2d;

/** Reads convolutions, and what changes the size of pictures around them. */
final class ConvolutionLayers {

    private ConvolutionLayers() {}

    static LayerSpec conv1d(LayerConfig config) {
        checkConvolution(config);
        return new Conv1d(
                config.name(),
                null,
                config.integer("filters"),
                config.size1d("kernel_size"),
                config.size1d("strides"),
                config.padding(),
                config.size1d("dilation_rate"),
                config.activation("activation"),
                config.flag("use_bias"),
                config.initializer("kernel_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("kernel_regularizer"),
                config.regularizer("bias_regularizer"),
                config.constraint("kernel_constraint"));
    }

    static LayerSpec conv2d(LayerConfig config) {
        checkConvolution(config);
        return new Conv2d(
                config.name(),
                null,
                config.integer("filters"),
                config.size2d("kernel_size"),
                config.size2d("strides"),
                config.padding(),
                config.size2d("dilation_rate"),
                config.activation("activation"),
                config.flag("use_bias"),
                config.initializer("kernel_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("kernel_regularizer"),
                config.regularizer("bias_regularizer"),
                config.constraint("kernel_constraint"));
    }

    static LayerSpec depthwiseConv2d(LayerConfig config) {
        checkConvolution(config);
        onlyUndilated(config);
        return new DepthwiseConv2d(
                config.name(),
                null,
                config.size2d("kernel_size"),
                config.size2d("strides"),
                config.padding(),
                config.integer("depth_multiplier"),
                config.activation("activation"),
                config.flag("use_bias"),
                config.initializer("depthwise_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("depthwise_regularizer"),
                config.regularizer("bias_regularizer"),
                config.constraint("depthwise_constraint"));
    }

    static LayerSpec separableConv2d(LayerConfig config) {
        checkConvolution(config);
        onlyUndilated(config);
        // Keras 2 writes these of its class of all convolutions, but the layer has no such kernel.
        config.ignore("kernel_initializer", "kernel_regularizer", "kernel_constraint");
        config.onlyNull("depthwise_constraint", "pointwise_constraint");
        return new SeparableConv2d(
                config.name(),
                null,
                config.integer("filters"),
                config.size2d("kernel_size"),
                config.size2d("strides"),
                config.padding(),
                config.integer("depth_multiplier"),
                config.activation("activation"),
                config.flag("use_bias"),
                config.initializer("depthwise_initializer"),
                config.initializer("pointwise_initializer"),
                config.initializer("bias_initializer"),
                config.regularizer("depthwise_regularizer"),
                config.regularizer("pointwise_regularizer"),
                config.regularizer("bias_regularizer"));
    }

    private static void checkConvolution(LayerConfig config) {
        config.onlyChannelsLast();
        config.only("groups", 1);
        config.onlyNull("bias_constraint", "lora_rank", "lora_alpha", "quantization_config");
    }

    private static void onlyUndilated(LayerConfig config) {
        if (!config.size2d("dilation_rate").equals(new Size2d(1, 1))) {
            throw config.unsupported("dilation_rate", config.required("dilation_rate"), "1");
        }
    }

    static LayerSpec upSampling2d(LayerConfig config) {
        config.onlyChannelsLast();
        config.only("interpolation", "nearest");
        return new UpSampling2d(config.name(), null, config.size2d("size"));
    }

    static LayerSpec zeroPadding2d(LayerConfig config) {
        config.onlyChannelsLast();
        return new ZeroPadding2d(config.name(), null, config.value("padding", Borders.class));
    }
}
