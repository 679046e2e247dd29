package io.trainyard.engine;

import io.trainyard.network.Activation;
import io.trainyard.network.LayerSpec;
import io.trainyard.network.Loss;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.Padding;
import io.trainyard.network.Shape;
import io.trainyard.network.Size2d;
import io.trainyard.network.TrainingSpec;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Translates a network spec into a DL4J configuration, channels last.
 *
 * <p>The last activation goes into DL4J's loss layer, which fuses softmax and cross-entropy, so that no log(0) arises.
 * The configuration for inference is of DL4J's own classes only, with the same order of parameters: any DL4J program
 * can load a published artifact.
 */
final class NetworkBuilder {

    private static final CNN2DFormat FORMAT = CNN2DFormat.NHWC;

    private final boolean forTraining;
    private final NeuralNetConfiguration.ListBuilder layers;
    private int index;
    private Shape shape;
    private @Nullable Shape flattened;

    private NetworkBuilder(NetworkSpec network, @Nullable TrainingSpec training) {
        this.forTraining = training != null;
        this.shape = inputShape(network);
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                // DL4J's default is the time; what is published must depend on the spec alone.
                .seed(training == null ? 0 : training.seed())
                .updater(training == null ? new Sgd() : Updaters.of(training));
        if (training != null) {
            // Keeps each layer's pre-activation; otherwise the backward pass computes every convolution again.
            global.cacheMode(CacheMode.DEVICE);
            if (training.optimizer() instanceof OptimizerSpec.AdamW adamW) {
                global.weightDecay(adamW.weightDecay(), true).weightDecayBias(adamW.weightDecay(), true);
            }
        }
        this.layers = global.list();
    }

    /** A configuration to be trained. */
    static MultiLayerConfiguration training(NetworkSpec network, TrainingSpec training) {
        return new NetworkBuilder(network, training).build(network, training.loss());
    }

    /** A configuration to be published and served. */
    static MultiLayerConfiguration inference(NetworkSpec network, Loss loss) {
        return new NetworkBuilder(network, null).build(network, loss);
    }

    static Shape inputShape(NetworkSpec network) {
        return Objects.requireNonNull(network.inputShape(), "a frozen network has its input shape");
    }

    private MultiLayerConfiguration build(NetworkSpec network, Loss loss) {
        layers.setInputType(
                shape.isImage()
                        ? InputType.convolutional(shape.dimension(0), shape.dimension(1), shape.dimension(2), FORMAT)
                        : InputType.feedForward(shape.size()));
        List<LayerSpec> specs = network.layers();
        for (int i = 0; i < specs.size(); i++) {
            boolean last = i == specs.size() - 1;
            addSpec(specs.get(i), last);
            shape = specs.get(i).outputShape(shape);
        }
        LossLayer.Builder output = new LossLayer.Builder().lossFunction(lossFunction(loss));
        add(output.activation(activation(outputActivation(specs.get(specs.size() - 1))))
                .build());
        return layers.build();
    }

    private void addSpec(LayerSpec spec, boolean last) {
        if (spec instanceof LayerSpec.Dense dense) {
            add(new DenseLayer.Builder()
                    .nOut(dense.units())
                    .hasBias(dense.useBias())
                    .activation(activation(last ? Activation.LINEAR : dense.activation()))
                    .build());
        } else if (spec instanceof LayerSpec.Conv2d conv) {
            add(new ConvolutionLayer.Builder(ints(conv.kernelSize()))
                    .stride(ints(conv.strides()))
                    .convolutionMode(mode(conv.padding()))
                    .nOut(conv.filters())
                    .hasBias(conv.useBias())
                    .activation(activation(Activation.LINEAR))
                    .dataFormat(FORMAT)
                    .build());
            // Apart, since with cached pre-activations DL4J's convolution has a wrong gradient of its own relu.
            if (conv.activation() != Activation.LINEAR) {
                add(new ActivationLayer(activation(conv.activation())));
            }
        } else if (spec instanceof LayerSpec.MaxPooling2d pool) {
            add(pooling(SubsamplingLayer.PoolingType.MAX, pool.poolSize(), pool.strides(), pool.padding()));
        } else if (spec instanceof LayerSpec.AveragePooling2d pool) {
            add(pooling(SubsamplingLayer.PoolingType.AVG, pool.poolSize(), pool.strides(), pool.padding()));
        } else if (spec instanceof LayerSpec.GlobalAveragePooling2d) {
            add(new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
        } else if (spec instanceof LayerSpec.Flatten) {
            flattened = shape.isImage() ? shape : flattened;
        } else if (spec instanceof LayerSpec.Dropout dropout) {
            if (dropout.rate() > 0) {
                // DL4J takes the probability to keep a value.
                add(new DropoutLayer(1 - dropout.rate()));
            }
        } else if (spec instanceof LayerSpec.BatchNormalization norm) {
            add(batchNormalization(norm));
        } else if (spec instanceof LayerSpec.ActivationLayer alone) {
            if (!last) {
                add(new ActivationLayer(activation(alone.activation())));
            }
        } else {
            throw new IllegalStateException("no translation for " + spec.type());
        }
    }

    private void add(Layer layer) {
        if (flattened != null) {
            layers.inputPreProcessor(
                    index,
                    new CnnToFeedForwardPreProcessor(
                            flattened.dimension(0), flattened.dimension(1), flattened.dimension(2), FORMAT));
            flattened = null;
        }
        layers.layer(index++, layer);
    }

    private BatchNormalization batchNormalization(LayerSpec.BatchNormalization spec) {
        BatchNormalization.Builder builder =
                new BatchNormalization.Builder().decay(spec.momentum()).eps(spec.epsilon());
        if (shape.isImage()) {
            builder.dataFormat(FORMAT);
        }
        BatchNormalization norm = builder.build();
        return !forTraining ? norm : new PartlyFrozenBatchNormalization(norm, spec.scale(), spec.center());
    }

    private static SubsamplingLayer pooling(
            SubsamplingLayer.PoolingType type, Size2d window, Size2d strides, Padding padding) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(ints(window))
                .stride(ints(strides))
                .convolutionMode(mode(padding))
                .dataFormat(FORMAT)
                .build();
    }

    private static Activation outputActivation(LayerSpec last) {
        if (last instanceof LayerSpec.Dense dense) {
            return dense.activation();
        }
        return last instanceof LayerSpec.ActivationLayer alone ? alone.activation() : Activation.LINEAR;
    }

    private static int[] ints(Size2d size) {
        return new int[] {size.height(), size.width()};
    }

    private static ConvolutionMode mode(Padding padding) {
        return padding == Padding.SAME ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }

    private static ILossFunction lossFunction(Loss loss) {
        return switch (loss) {
            case CATEGORICAL_CROSSENTROPY -> new LossMCXENT();
            case MSE -> new LossMSE();
        };
    }

    private static org.nd4j.linalg.activations.Activation activation(Activation activation) {
        return switch (activation) {
            case LINEAR -> org.nd4j.linalg.activations.Activation.IDENTITY;
            case RELU -> org.nd4j.linalg.activations.Activation.RELU;
            case ELU -> org.nd4j.linalg.activations.Activation.ELU;
            case SELU -> org.nd4j.linalg.activations.Activation.SELU;
            case SIGMOID -> org.nd4j.linalg.activations.Activation.SIGMOID;
            case TANH -> org.nd4j.linalg.activations.Activation.TANH;
            case SOFTPLUS -> org.nd4j.linalg.activations.Activation.SOFTPLUS;
            case SOFTMAX -> org.nd4j.linalg.activations.Activation.SOFTMAX;
        };
    }
}
