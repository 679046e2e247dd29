import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * DL4J's own loop, {@code fit}, with what makes it fast: oneDNN's helpers, channels last, cached activations. The learning rate does not decay here, which
 * takes no time.
 */
final class Dl4j implements Epochs.Network {

    private final ComputationGraph graph;
    private final long[] shape;

    public static void main(String[] arguments) throws IOException {
        System.setProperty("org.eclipse.deeplearning4j.helpers.disable", "false");
        Epochs.run((rung, threads) -> new Dl4j(rung), arguments);
    }

    private Dl4j(Epochs.Rung rung) {
        shape = switch (rung) {
            case R9 -> new long[] {rung.batch, 28, 28, 1};
            case R11 -> new long[] {rung.batch, 28, 28};
            default -> new long[] {rung.batch, Epochs.PIXELS};
        };
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .updater(rung == Epochs.Rung.R1 ? new Sgd(rung.learningRate) : new Adam(rung.learningRate));
        if (rung == Epochs.Rung.R9) {
            global.cacheMode(CacheMode.DEVICE);
        }
        ComputationGraphConfiguration.GraphBuilder builder = global.graphBuilder().addInputs("input");
        builder.setInputTypes(
                switch (rung) {
                    case R9 -> InputType.convolutional(28, 28, 1, CNN2DFormat.NHWC);
                    case R11 -> InputType.recurrent(28, 28, RNNFormat.NWC);
                    default -> InputType.feedForward(Epochs.PIXELS);
                });
        String before = "input";
        List<Layer> layers = layers(rung);
        for (int i = 0; i < layers.size(); i++) {
            builder.addLayer("layer" + i, layers.get(i), before);
            before = "layer" + i;
        }
        graph = new ComputationGraph(builder.setOutputs(before).build());
        graph.init();
    }

    private static List<Layer> layers(Epochs.Rung rung) {
        List<Layer> layers = new ArrayList<>();
        switch (rung) {
            case R1 -> {}
            case R5 -> {
                layers.add(new DenseLayer.Builder().nOut(200).activation(Activation.RELU).build());
                layers.add(new DenseLayer.Builder().nOut(60).activation(Activation.RELU).build());
            }
            case R9 -> {
                convolution(layers, 12, 3, 1);
                convolution(layers, 24, 6, 2);
                convolution(layers, 32, 6, 2);
                layers.add(new DenseLayer.Builder().nOut(200).hasBias(false).activation(Activation.IDENTITY).build());
                layers.add(new BatchNormalization.Builder().build());
                layers.add(new ActivationLayer.Builder().activation(Activation.RELU).build());
            }
            case R11 -> layers.add(new LastTimeStep(
                    new LSTM.Builder()
                            .nOut(128)
                            .activation(Activation.TANH)
                            .dataFormat(RNNFormat.NWC)
                            .build()));
        }
        layers.add(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nOut(10)
                .activation(Activation.SOFTMAX)
                // DL4J's is of what comes in, and the probability to keep it.
                .dropOut(rung == Epochs.Rung.R9 ? 0.7 : 0)
                .build());
        return layers;
    }

    private static void convolution(List<Layer> layers, int filters, int kernel, int stride) {
        layers.add(new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(filters)
                .stride(stride, stride)
                .convolutionMode(ConvolutionMode.Same)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .dataFormat(CNN2DFormat.NHWC)
                .build());
        layers.add(new BatchNormalization.Builder().dataFormat(CNN2DFormat.NHWC).build());
        layers.add(new ActivationLayer.Builder().activation(Activation.RELU).build());
    }

    @Override
    public float step(float[] pixels, int[] labels, float rate, boolean last) {
        INDArray features = Nd4j.createFromArray(pixels).reshape(shape);
        float[] hot = new float[labels.length * 10];
        for (int row = 0; row < labels.length; row++) {
            hot[row * 10 + labels[row]] = 1;
        }
        graph.fit(new DataSet(features, Nd4j.createFromArray(hot).reshape(labels.length, 10)));
        return last ? (float) graph.score() : 0;
    }
}
