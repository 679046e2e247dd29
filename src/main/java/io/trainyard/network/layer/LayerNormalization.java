package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Normalises the last axis of each instance on its own to mean 0 and variance 1, then scales by gamma and shifts by beta
 * (Ba et al., 2016).
 *
 * @param scale whether there is a gamma
 * @param center whether there is a beta
 */
public record LayerNormalization(
        @Nullable String name, @Nullable List<String> inputs, Double epsilon, Boolean scale, Boolean center)
        implements SingleInputLayer {

    public LayerNormalization {
        inputs = Node.check(name, inputs);
        epsilon = positive("epsilon", epsilon, 1e-3, 1);
        scale = requireNonNullElse(scale, true);
        center = requireNonNullElse(center, true);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public List<Weight> weights(Shape input) {
        return gammaAndBeta(List.of(input.last()), scale, center);
    }

    static List<Weight> gammaAndBeta(List<Integer> shape, boolean scale, boolean center) {
        List<Weight> weights = new ArrayList<>();
        if (scale) {
            weights.add(Weight.of("gamma", shape, new Initializer.Ones()));
        }
        if (center) {
            weights.add(Weight.of("beta", shape, new Initializer.Zeros()));
        }
        return weights;
    }
}
