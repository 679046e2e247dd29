package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Normalises each channel, the last axis, to mean 0 and variance 1 over the batch, then scales by gamma and shifts by
 * beta (Ioffe and Szegedy, 2015).
 *
 * @param momentum of the moving averages that inference uses: {@code average · momentum + batch · (1 − momentum)}
 * @param scale whether gamma is trained; otherwise it stays 1
 * @param center whether beta is trained; otherwise it stays 0
 */
public record BatchNormalization(
        @Nullable String name,
        @Nullable List<String> inputs,
        Double momentum,
        Double epsilon,
        Boolean scale,
        Boolean center)
        implements SingleInputLayer {

    public BatchNormalization {
        inputs = Node.check(name, inputs);
        momentum = inRange("momentum", momentum, 0.99, 0, 1);
        epsilon = positive("epsilon", epsilon, 1e-3, 1);
        scale = requireNonNullElse(scale, true);
        center = requireNonNullElse(center, true);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    /** Gamma and beta are left out where they are not trained. */
    @Override
    public List<Weight> weights(Shape input) {
        List<Integer> channels = List.of(input.last());
        List<Weight> weights = LayerNormalization.gammaAndBeta(channels, scale, center);
        weights.add(Weight.kept("moving_mean", channels, new Initializer.Zeros()));
        weights.add(Weight.kept("moving_variance", channels, new Initializer.Ones()));
        return weights;
    }
}
