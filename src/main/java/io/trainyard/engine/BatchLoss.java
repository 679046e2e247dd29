package io.trainyard.engine;

import java.util.Arrays;
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
    private final transient double[] classWeights;
    private transient float[] targets = {};
    private transient double[] losses = {};
    private transient float[] predictions = {};

    /**
     * @param classWeights by which the loss of a row of each class is multiplied; empty where the target is a number
     */
    BatchLoss(Objective objective, double[] classWeights) {
        this.objective = objective;
        this.classWeights = classWeights;
    }

    /** The targets of the batch to come, as many as it has rows. */
    void expect(float[] expected) {
        targets = expected;
    }

    /** The weighted loss of each row of the last batch. */
    double[] losses() {
        return losses;
    }

    /** What the network predicted for the last batch. */
    float[] predictions() {
        return predictions;
    }

    private double weight(float target) {
        return classWeights.length == 0 ? 1 : classWeights[(int) target];
    }

    /** The gradient of the mean loss towards the outputs of all rows, row-major. */
    float[] gradient(float[] outputs) {
        int width = objective.outputs();
        predictions = new float[outputs.length];
        losses = new double[targets.length];
        float[] gradient = new float[outputs.length];
        for (int row = 0; row < targets.length; row++) {
            int offset = row * width;
            double weight = weight(targets[row]);
            objective.predict(outputs, predictions, offset);
            losses[row] = weight * objective.loss(outputs, predictions, offset, targets[row]);
            objective.gradient(predictions, gradient, offset, targets[row], weight / targets.length);
        }
        return gradient;
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray output, IActivation activation, INDArray mask) {
        return Nd4j.create(
                gradient(output.dup('c').data().asFloat()), new long[] {targets.length, objective.outputs()}, 'c');
    }

    /** The loss of the batch whose gradient was computed last; DL4J asks for it afterwards. */
    @Override
    public double computeScore(INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean mean) {
        double sum = Arrays.stream(losses).sum();
        return mean ? sum / targets.length : sum;
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
