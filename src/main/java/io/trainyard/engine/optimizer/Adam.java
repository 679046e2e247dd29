package io.trainyard.engine.optimizer;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** Adam, and with a weight decay AdamW, whose decay is a step of its own: {@code w ← w − rate · decay · w}. */
final class Adam implements Optimizer {

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final INDArray mean;
    private final INDArray square;

    Adam(double beta1, double beta2, double epsilon, double weightDecay, long parameters) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        this.mean = Nd4j.zeros(DataType.FLOAT, parameters);
        this.square = Nd4j.zeros(DataType.FLOAT, parameters);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        if (weightDecay > 0) {
            parameters.muli(1 - rate * weightDecay);
        }
        Nd4j.exec(new AdamUpdater(gradient, square, mean, rate, beta1, beta2, epsilon, Math.toIntExact(iteration)));
        parameters.subi(gradient);
    }

    @Override
    public List<INDArray> state() {
        return List.of(mean, square);
    }
}
