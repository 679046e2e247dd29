package io.trainyard.engine.graph;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@code x · Φ(x)}, as Keras computes it by default; DL4J has only approximations. */
public final class ExactGelu extends BaseActivationFunction {

    private static final long serialVersionUID = 1L;

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return in.muli(distribution(in));
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        INDArray density = Transforms.exp(in.mul(in).divi(-2), false).divi(Math.sqrt(2 * Math.PI));
        INDArray slope = distribution(in).addi(density.muli(in));
        return Pair.of(slope.muli(epsilon), null);
    }

    /** Φ(x) = ½ (1 + erf(x / √2)). */
    private static INDArray distribution(INDArray in) {
        INDArray scaled = in.div(Math.sqrt(2));
        return Nd4j.getExecutioner().exec(new Erf(scaled, scaled)).addi(1).divi(2);
    }

    @Override
    public String toString() {
        return "gelu";
    }
}
