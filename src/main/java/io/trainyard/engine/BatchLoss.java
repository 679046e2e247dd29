package io.trainyard.engine;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Gives DL4J's loss layer the gradient of an {@link Objective} over the current batch, its mean over the rows, and keeps
 * what the network said for the metrics.
 */
final class BatchLoss implements ILossFunction {

    private static final long serialVersionUID = 1L;

    private final transient Objective objective;
    private transient double[] rowWeights;
    private transient float[] targets = {};
    private transient float[] outputs = {};
    private transient float[] predictions = {};
    private transient double score;

    /**
     * @param classWeights by which the loss of a row of each class is multiplied; empty where the target is a number
     */
    BatchLoss(Objective objective, double[] classWeights) {
        this.objective = objective;
        this.rowWeights = classWeights;
    }

    /** The targets of the batch to come, as many as it has rows. */
    void expect(float[] expected) {
        targets = expected;
    }

    /** What the network gave for the last batch, before the last softmax or sigmoid. */
    float[] outputs() {
        return outputs;
    }

    /** What the network predicted for the last batch. */
    float[] predictions() {
        return predictions;
    }

    /** The weight of a row's loss. */
    double weight(float target) {
        return rowWeights.length == 0 ? 1 : rowWeights[(int) target];
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray output, IActivation activation, INDArray mask) {
        int width = objective.outputs();
        outputs = output.dup('c').data().asFloat();
        predictions = new float[outputs.length];
        float[] gradient = new float[outputs.length];
        score = 0;
        for (int row = 0; row < targets.length; row++) {
            int offset = row * width;
            double weight = weight(targets[row]) / targets.length;
            objective.predict(outputs, predictions, offset);
            score += weight * objective.loss(outputs, predictions, offset, targets[row]);
            objective.gradient(predictions, gradient, offset, targets[row], weight);
        }
        return Nd4j.create(gradient, new long[] {targets.length, width}, 'c');
    }

    /** The loss of the batch whose gradient was computed last; DL4J asks for it afterwards. */
    @Override
    public double computeScore(INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean mean) {
        return mean ? score : score * targets.length;
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean mean) {
        INDArray gradient = computeGradient(labels, output, activation, mask);
        return Pair.of(computeScore(labels, output, activation, mask, mean), gradient);
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray output, IActivation activation, INDArray mask) {
        throw new UnsupportedOperationException("the loss of single rows is not asked for");
    }

    @Override
    public String name() {
        return "objective";
    }
}
