package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@code step = g · √(d + epsilon) / √(s + epsilon)}, with moving means s of g² and d of step². */
final class Adadelta implements Optimizer {

    private final OptimizerSpec.Adadelta spec;
    private final INDArray gradients;
    private final INDArray steps;

    Adadelta(OptimizerSpec.Adadelta spec, long parameters) {
        this.spec = spec;
        this.gradients = Nd4j.zeros(DataType.FLOAT, parameters);
        this.steps = Nd4j.zeros(DataType.FLOAT, parameters);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        double rho = spec.rho();
        gradients.muli(rho).addi(gradient.mul(gradient).muli(1 - rho));
        gradient.muli(Transforms.sqrt(steps.add(spec.epsilon()), false))
                .divi(Transforms.sqrt(gradients.add(spec.epsilon()), false));
        steps.muli(rho).addi(gradient.mul(gradient).muli(1 - rho));
        parameters.subi(gradient.muli(rate));
    }

    @Override
    public List<INDArray> state() {
        return List.of(gradients, steps);
    }
}
