package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@code s ← s + g²; w ← w − rate · g / √(s + epsilon)}. */
final class Adagrad implements Optimizer {

    private final OptimizerSpec.Adagrad spec;
    private final INDArray sum;

    Adagrad(OptimizerSpec.Adagrad spec, long parameters) {
        this.spec = spec;
        this.sum = Nd4j.valueArrayOf(new long[] {parameters}, spec.initialAccumulatorValue(), DataType.FLOAT);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        sum.addi(gradient.mul(gradient));
        gradient.divi(Transforms.sqrt(sum.add(spec.epsilon()), false)).muli(rate);
        parameters.subi(gradient);
    }

    @Override
    public List<INDArray> state() {
        return List.of(sum);
    }
}
