package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.engine.optimizer.Optimizer;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.layer.Constraint;
import io.trainyard.network.layer.Regularizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What a gradient does to the weights, in Keras' order: penalties join it, it is clipped, the optimizer makes its step,
 * constraints are restored. Works on the flat vectors of parameters and gradients; DL4J's updaters are not used, since
 * several of them differ from Keras'.
 */
final class WeightUpdate {

    /** As Keras adds it to norms that it divides by. */
    private static final double TINY = 1e-7;

    private final OptimizerSpec spec;
    private final List<Stretch> stretches;
    private final List<Optimizer> optimizers;
    private final List<Part> parts;
    private final List<Stretch> moving;

    /** Neighbouring parameters that are trained alike, and their gradient. */
    private record Stretch(INDArray parameters, INDArray gradient) {}

    /** One trained weight. */
    private record Part(PlacedWeight weight, INDArray parameters, INDArray gradient) {}

    WeightUpdate(Network network, OptimizerSpec spec) {
        this.spec = spec;
        network.graph().initGradientsView();
        INDArray parameters = network.graph().params();
        INDArray flat = network.graph().getFlattenedGradients();
        INDArray gradients = flat.reshape(flat.length());
        this.parts = network.weights().stream()
                .filter(placed -> placed.weight().trainable())
                .sorted(Comparator.comparingLong(PlacedWeight::offset))
                .map(placed -> new Part(
                        placed,
                        slice(parameters, placed.offset(), placed.end()),
                        slice(gradients, placed.offset(), placed.end())))
                .toList();
        this.stretches = stretches(parts.stream().map(Part::weight).toList(), parameters, gradients);
        this.optimizers = stretches.stream()
                .map(stretch -> Optimizer.of(spec, stretch.parameters().length()))
                .toList();
        // Batch normalisation's moving averages come with a difference in place of a gradient.
        this.moving = stretches(
                network.weights().stream()
                        .filter(placed -> placed.weight().name().startsWith("moving_"))
                        .filter(placed -> !network.isFrozen(placed.node()))
                        .sorted(Comparator.comparingLong(PlacedWeight::offset))
                        .toList(),
                parameters,
                gradients);
    }

    private static List<Stretch> stretches(List<PlacedWeight> ordered, INDArray parameters, INDArray gradients) {
        List<Stretch> found = new ArrayList<>();
        for (int i = 0; i < ordered.size(); ) {
            long from = ordered.get(i).offset();
            long to = ordered.get(i).end();
            for (i++; i < ordered.size() && ordered.get(i).offset() == to; i++) {
                to = ordered.get(i).end();
            }
            found.add(new Stretch(slice(parameters, from, to), slice(gradients, from, to)));
        }
        return List.copyOf(found);
    }

    private static INDArray slice(INDArray vector, long from, long to) {
        return vector.get(NDArrayIndex.interval(from, to));
    }

    /**
     * Makes a step along the network's current gradient, which is destroyed.
     *
     * @param iteration steps before this one
     */
    void apply(double rate, long iteration) {
        for (Part part : parts) {
            Regularizer regularizer = part.weight().weight().regularizer();
            if (regularizer != null) {
                addPenalty(part, regularizer);
            }
        }
        clip();
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            optimizers.get(i).step(stretch.parameters(), stretch.gradient(), rate, iteration);
        }
        for (Stretch stretch : moving) {
            stretch.parameters().subi(stretch.gradient());
        }
        for (Part part : parts) {
            if (part.weight().weight().constraint() instanceof Constraint.MaxNorm maxNorm) {
                part.weight().parts().forEach(view -> constrain(view, maxNorm));
            }
        }
    }

    /** What the optimizer keeps from step to step. */
    List<INDArray> state() {
        return optimizers.stream()
                .flatMap(optimizer -> optimizer.state().stream())
                .toList();
    }

    /** The sum of all penalties on the weights as they are. */
    double penalty() {
        double sum = 0;
        for (Part part : parts) {
            Regularizer regularizer = part.weight().weight().regularizer();
            if (regularizer != null) {
                double norm = part.parameters().norm2Number().doubleValue();
                sum += regularizer.l2() * norm * norm
                        + regularizer.l1() * part.parameters().norm1Number().doubleValue();
            }
        }
        return sum;
    }

    private static void addPenalty(Part part, Regularizer regularizer) {
        if (regularizer.l2() > 0) {
            part.gradient().addi(part.parameters().mul(2 * regularizer.l2()));
        }
        if (regularizer.l1() > 0) {
            part.gradient().addi(Transforms.sign(part.parameters(), true).muli(regularizer.l1()));
        }
    }

    private void clip() {
        if (spec.clipvalue() != null) {
            double bound = spec.clipvalue();
            for (Stretch stretch : stretches) {
                Transforms.max(stretch.gradient(), -bound, false);
                Transforms.min(stretch.gradient(), bound, false);
            }
        }
        if (spec.clipnorm() != null) {
            for (Part part : parts) {
                scale(part.gradient(), part.gradient().norm2Number().doubleValue(), spec.clipnorm());
            }
        }
        if (spec.globalClipnorm() != null) {
            double squares = 0;
            for (Stretch stretch : stretches) {
                squares += Math.pow(stretch.gradient().norm2Number().doubleValue(), 2);
            }
            for (Stretch stretch : stretches) {
                scale(stretch.gradient(), Math.sqrt(squares), spec.globalClipnorm());
            }
        }
    }

    private static void scale(INDArray gradient, double norm, double bound) {
        if (norm > bound) {
            gradient.muli(bound / norm);
        }
    }

    private static void constrain(INDArray weights, Constraint.MaxNorm maxNorm) {
        int[] axes =
                maxNorm.axis().values().stream().mapToInt(Integer::intValue).toArray();
        INDArray norms = weights.norm2(true, axes);
        INDArray wanted = Transforms.min(norms, maxNorm.maxValue(), true);
        weights.muli(wanted.divi(norms.addi(TINY)));
    }
}
