package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Adam with a moving maximum in place of the root of the mean square. */
final class Adamax implements Optimizer {

    private final OptimizerSpec.Adamax spec;
    private final INDArray mean;
    private final INDArray largest;

    Adamax(OptimizerSpec.Adamax spec, long parameters) {
        this.spec = spec;
        this.mean = Nd4j.zeros(DataType.FLOAT, parameters);
        this.largest = Nd4j.zeros(DataType.FLOAT, parameters);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        double correction = 1 - Math.pow(spec.beta1(), iteration + 1.0);
        mean.muli(spec.beta1()).addi(gradient.mul(1 - spec.beta1()));
        largest.muli(spec.beta2());
        Transforms.max(largest, Transforms.abs(gradient, false), false);
        gradient.assign(mean).divi(largest.add(spec.epsilon())).muli(rate / correction);
        parameters.subi(gradient);
    }

    @Override
    public List<INDArray> state() {
        return List.of(mean, largest);
    }
}
