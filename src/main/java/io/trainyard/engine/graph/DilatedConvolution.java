package io.trainyard.engine.graph;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution that does not ask oneDNN, which refuses dilated ones with channels last: DL4J would log a failure for each
 * network before it falls back on its own code.
 */
public final class DilatedConvolution extends ConvolutionLayer {

    private static final long serialVersionUID = 1L;

    /** For its JSON form. */
    DilatedConvolution() {}

    DilatedConvolution(ConvolutionLayer.Builder settings) {
        super(settings);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType dataType) {
        WithoutHelper layer = new WithoutHelper(configuration, dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(configuration, parameters, initialize));
        layer.setConf(configuration);
        return layer;
    }

    private static final class WithoutHelper extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("NullAway") // DL4J's own value for 'none'
        WithoutHelper(NeuralNetConfiguration configuration, DataType dataType) {
            super(configuration, dataType);
            helper = null;
        }
    }
}
