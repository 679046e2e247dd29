package io.trainyard.network.layer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel and bias that most layers have. */
final class Kernels {

    private Kernels() {}

    /** A kernel of the given shape and, where {@code useBias}, a bias for each of its outputs. */
    static List<Weight> of(
            List<Integer> kernel,
            int outputs,
            boolean useBias,
            Initializer kernelInitializer,
            Initializer biasInitializer,
            @Nullable Regularizer kernelRegularizer,
            @Nullable Regularizer biasRegularizer,
            @Nullable Constraint kernelConstraint) {
        if (kernelConstraint instanceof Constraint.MaxNorm maxNorm) {
            maxNorm.checkedFor(kernel);
        }
        List<Weight> weights = new ArrayList<>();
        weights.add(new Weight("kernel", kernel, kernelInitializer, kernelRegularizer, kernelConstraint, true));
        if (useBias) {
            weights.add(Weight.of("bias", List.of(outputs), biasInitializer, biasRegularizer));
        }
        return weights;
    }
}
