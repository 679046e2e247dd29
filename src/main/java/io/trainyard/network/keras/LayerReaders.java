package io.trainyard.network.keras;

import static java.util.Map.entry;

import io.trainyard.network.layer.LayerSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Keras' layer classes by name, each with how its config becomes a layer of this service. */
final class LayerReaders {

    private static final Map<String, Function<LayerConfig, LayerSpec>> BY_CLASS = new TreeMap<>(Map.ofEntries(
            entry("Activation", ActivationLayers::activation),
            entry("AveragePooling1D", PoolingLayers::averagePooling1d),
            entry("AveragePooling2D", PoolingLayers::averagePooling2d),
            entry("BatchNormalization", NormalizationLayers::batchNormalization),
            entry("Bidirectional", RecurrentLayers::bidirectional),
            entry("Conv1D", ConvolutionLayers::conv1d),
            entry("Conv2D", ConvolutionLayers::conv2d),
            entry("Convolution1D", ConvolutionLayers::conv1d),
            entry("Convolution2D", ConvolutionLayers::conv2d),
            entry("Dense", CoreLayers::dense),
            entry("DepthwiseConv2D", ConvolutionLayers::depthwiseConv2d),
            entry("Dropout", CoreLayers::dropout),
            entry("ELU", ActivationLayers::elu),
            entry("Embedding", CoreLayers::embedding),
            entry("Flatten", CoreLayers::flatten),
            entry("GRU", RecurrentLayers::gru),
            entry("GaussianNoise", CoreLayers::gaussianNoise),
            entry("GlobalAveragePooling1D", PoolingLayers::globalAveragePooling1d),
            entry("GlobalAveragePooling2D", PoolingLayers::globalAveragePooling2d),
            entry("GlobalMaxPooling1D", PoolingLayers::globalMaxPooling1d),
            entry("GlobalMaxPooling2D", PoolingLayers::globalMaxPooling2d),
            entry("LSTM", RecurrentLayers::lstm),
            entry("LayerNormalization", NormalizationLayers::layerNormalization),
            entry("LeakyReLU", ActivationLayers::leakyRelu),
            entry("MaxPooling1D", PoolingLayers::maxPooling1d),
            entry("MaxPooling2D", PoolingLayers::maxPooling2d),
            entry("ReLU", ActivationLayers::relu),
            entry("Reshape", CoreLayers::reshape),
            entry("SeparableConv2D", ConvolutionLayers::separableConv2d),
            entry("Softmax", ActivationLayers::softmax),
            entry("SpatialDropout1D", CoreLayers::spatialDropout1d),
            entry("SpatialDropout2D", CoreLayers::spatialDropout2d),
            entry("TimeDistributed", CoreLayers::timeDistributed),
            entry("UpSampling2D", ConvolutionLayers::upSampling2d),
            entry("ZeroPadding2D", ConvolutionLayers::zeroPadding2d)));

    private LayerReaders() {}

    static LayerSpec read(KerasLayer layer) {
        Function<LayerConfig, LayerSpec> reader = BY_CLASS.get(layer.className());
        if (reader != null) {
            return layer.read(reader);
        }
        throw layer.unsupported(
                SequentialModel.isModel(layer.className())
                        ? "is a model of its own; its layers can stand in the Sequential instead"
                        : "is not supported; supported: " + String.join(", ", BY_CLASS.keySet()));
    }
}
