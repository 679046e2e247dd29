package io.trainyard.engine;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keras' default initial weights: uniform in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010), biases zero. DL4J's
 * own differs for strided convolutions, whose fan-out it divides by the stride squared.
 */
final class GlorotUniform {

    private GlorotUniform() {}

    /** Sets the kernels of dense layers [in, out] and convolutions [out, in, height, width]; the rest stays. */
    static void initialise(MultiLayerNetwork network, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Layer layer : network.getLayers()) {
            INDArray kernel = layer.paramTable().get(DefaultParamInitializer.WEIGHT_KEY);
            if (kernel != null) {
                kernel.assign(sample(kernel.shape(), random));
            }
        }
    }

    private static INDArray sample(long[] shape, SplittableRandom random) {
        long receptiveField = 1;
        for (int i = 2; i < shape.length; i++) {
            receptiveField *= shape[i];
        }
        double limit = Math.sqrt(6.0 / ((shape[0] + shape[1]) * receptiveField));
        int size = Math.toIntExact(shape[0] * shape[1] * receptiveField);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
        return Nd4j.create(values, shape, 'c');
    }
}
