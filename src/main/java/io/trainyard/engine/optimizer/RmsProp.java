package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@code s ← rho · s + (1 − rho) · g²; w ← w − rate · g / √(s + epsilon)}; centered, the square of the mean gradient is taken off s. */
final class RmsProp implements Optimizer {

    private final OptimizerSpec.RmsProp spec;
    private final INDArray square;
    private final INDArray mean;
    private final INDArray velocity;

    RmsProp(OptimizerSpec.RmsProp spec, long parameters) {
        this.spec = spec;
        this.square = Nd4j.zeros(DataType.FLOAT, parameters);
        this.mean = Nd4j.zeros(DataType.FLOAT, spec.centered() ? parameters : 1);
        this.velocity = Nd4j.zeros(DataType.FLOAT, spec.momentum() > 0 ? parameters : 1);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        double rho = spec.rho();
        square.muli(rho).addi(gradient.mul(gradient).muli(1 - rho));
        INDArray denominator = square.add(spec.epsilon());
        if (spec.centered()) {
            mean.muli(rho).addi(gradient.mul(1 - rho));
            denominator.subi(mean.mul(mean));
        }
        gradient.divi(Transforms.sqrt(denominator, false)).muli(rate);
        parameters.subi(spec.momentum() > 0 ? velocity.muli(spec.momentum()).addi(gradient) : gradient);
    }

    @Override
    public List<INDArray> state() {
        return List.of(square, mean, velocity);
    }
}
