package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;

/** What a layer's weights are brought back to after each step, in Keras' terms. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = Constraint.MaxNorm.class, name = "max_norm"))
@Schema(description = "What weights are brought back to after each step; a type's name stands for its defaults.")
public sealed interface Constraint {

    /**
     * Weights whose norm is larger are scaled down to it (Srivastava et al., 2014, section 5.1).
     *
     * @param axis over which the norm is taken, in Keras' layout of the weights: 0 for a dense layer's units,
     *     {@code [0, 1, 2]} for the filters of a 2D convolution
     */
    record MaxNorm(@Schema(example = "2") Double maxValue, Axes axis) implements Constraint {

        private static final double MAX = 1e6;

        public MaxNorm {
            maxValue = positive("max_value", maxValue, 2, MAX);
            axis = requireNonNullElse(axis, new Axes(List.of(0)));
        }

        MaxNorm checkedFor(List<Integer> shape) {
            if (axis.values().stream().anyMatch(value -> value >= shape.size())) {
                throw new InvalidFieldException(
                        "", "the axes " + axis.values() + " of max_norm do not exist in a weight of shape " + shape);
            }
            return this;
        }
    }
}
