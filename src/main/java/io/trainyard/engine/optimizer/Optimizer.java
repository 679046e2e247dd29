package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** Changes parameters by their gradient, in place. Keeps its state for the vector that it was made for. */
public interface Optimizer {

    /**
     * Makes a step.
     *
     * @param parameters a vector
     * @param gradient of the same length; destroyed
     * @param rate the learning rate
     * @param iteration steps before this one
     */
    void step(INDArray parameters, INDArray gradient, double rate, long iteration);

    /** What it keeps from step to step; assigning other values puts it where those came from. */
    List<INDArray> state();

    /** The optimizer of a spec, for a vector of so many parameters. */
    static Optimizer of(OptimizerSpec spec, long parameters) {
        if (spec instanceof OptimizerSpec.Sgd sgd) {
            return new Sgd(sgd, parameters);
        }
        if (spec instanceof OptimizerSpec.RmsProp rmsProp) {
            return new RmsProp(rmsProp, parameters);
        }
        if (spec instanceof OptimizerSpec.Adam adam) {
            return adam(adam.beta1(), adam.beta2(), adam.epsilon(), 0, parameters);
        }
        if (spec instanceof OptimizerSpec.AdamW adamW) {
            return adam(adamW.beta1(), adamW.beta2(), adamW.epsilon(), adamW.weightDecay(), parameters);
        }
        if (spec instanceof OptimizerSpec.Adamax adamax) {
            return new Adamax(adamax, parameters);
        }
        if (spec instanceof OptimizerSpec.Nadam nadam) {
            return new Nadam(nadam, parameters);
        }
        if (spec instanceof OptimizerSpec.Adagrad adagrad) {
            return new Adagrad(adagrad, parameters);
        }
        if (spec instanceof OptimizerSpec.Adadelta adadelta) {
            return new Adadelta(adadelta, parameters);
        }
        throw new IllegalStateException("no optimizer for " + spec);
    }

    private static Optimizer adam(double beta1, double beta2, double epsilon, double weightDecay, long parameters) {
        return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU
                ? new HostAdam(beta1, beta2, epsilon, weightDecay, parameters)
                : new Adam(beta1, beta2, epsilon, weightDecay, parameters);
    }
}
