package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer and a second one that reads the steps backwards (Schuster and Paliwal, 1997).
 *
 * @param layer of both directions
 * @param mergeMode how the two outputs become one
 */
public record Bidirectional(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) RecurrentLayer layer,

        Merge mergeMode)
        implements SingleInputLayer {

    /** How the outputs of the two directions are joined. */
    public enum Merge {
        CONCAT,
        SUM,
        MUL,
        AVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Bidirectional {
        inputs = Node.check(name, inputs);
        required("layer", layer);
        if (layer.goBackwards()) {
            throw new InvalidFieldException("layer", "must not have go_backwards: the second direction has it");
        }
        if (layer.inputs() != null || layer.name() != null) {
            throw new InvalidFieldException(
                    "layer", "must not have a name or inputs; they belong to the bidirectional layer");
        }
        mergeMode = requireNonNullElse(mergeMode, Merge.CONCAT);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape one = layer.outputShape(input);
        return mergeMode == Merge.CONCAT ? one.withLast(Math.multiplyExact(2, one.last())) : one;
    }

    @Override
    public double workingValues(Shape input) {
        return 2 * layer.workingValues(input);
    }

    @Override
    public List<Weight> weights(Shape input) {
        List<Weight> weights = new ArrayList<>(RecurrentLayer.prefixed("forward_", layer.weights(input)));
        weights.addAll(RecurrentLayer.prefixed("backward_", layer.weights(input)));
        return weights;
    }
}
