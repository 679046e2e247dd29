package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Adam with Nesterov's look ahead, its momentum warmed up as in Dozat (2016). */
final class Nadam implements Optimizer {

    private static final double WARMUP = 0.96;

    private final OptimizerSpec.Nadam spec;
    private final INDArray mean;
    private final INDArray square;

    Nadam(OptimizerSpec.Nadam spec, long parameters) {
        this.spec = spec;
        this.mean = Nd4j.zeros(DataType.FLOAT, parameters);
        this.square = Nd4j.zeros(DataType.FLOAT, parameters);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        long t = iteration + 1;
        double momentum = momentum(t);
        double next = momentum(t + 1);
        double product = product(t);
        mean.muli(spec.beta1()).addi(gradient.mul(1 - spec.beta1()));
        square.muli(spec.beta2()).addi(gradient.mul(gradient).muli(1 - spec.beta2()));
        gradient.muli((1 - momentum) / (1 - product)).addi(mean.mul(next / (1 - product * next)));
        INDArray root = Transforms.sqrt(square.div(1 - Math.pow(spec.beta2(), (double) t)), false);
        gradient.divi(root.addi(spec.epsilon())).muli(rate);
        parameters.subi(gradient);
    }

    @Override
    public List<INDArray> state() {
        return List.of(mean, square);
    }

    private double momentum(long t) {
        return spec.beta1() * (1 - 0.5 * Math.pow(WARMUP, (double) t));
    }

    /** The product of the momenta up to step {@code t}; from some hundred steps on it is nothing. */
    private double product(long t) {
        double product = 1;
        for (long i = 1; i <= t && product > Double.MIN_NORMAL; i++) {
            product *= momentum(i);
        }
        return product;
    }
}
