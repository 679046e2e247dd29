package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;

/** A layer that reads {@code [steps, features]} step by step. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Gru.class, name = "gru"),
    @JsonSubTypes.Type(value = Lstm.class, name = "lstm"),
})
public sealed interface RecurrentLayer extends SingleInputLayer permits Gru, Lstm {

    int MAX_UNITS = 2048;

    /** The size of its state, and of its output of a step. */
    Integer units();

    /** Whether it gives its output of every step, {@code [steps, units]}, or that of the last, {@code [units]}. */
    Boolean returnSequences();

    /** Whether it reads the steps from the last to the first. */
    Boolean goBackwards();

    @Override
    default Shape outputShape(Shape input) {
        Windows.sequence(this, input);
        return returnSequences() ? Shape.of(input.dimension(0), units()) : Shape.of(units());
    }

    /** Each step keeps its gates and state for the backward pass. */
    @Override
    default double workingValues(Shape input) {
        return 12.0 * input.dimension(0) * units();
    }

    /** The same weights under names with a prefix. */
    static List<Weight> prefixed(String prefix, List<Weight> weights) {
        List<Weight> renamed = new ArrayList<>();
        for (Weight weight : weights) {
            renamed.add(new Weight(
                    prefix + weight.name(),
                    weight.shape(),
                    weight.initializer(),
                    weight.regularizer(),
                    weight.constraint(),
                    weight.trainable()));
        }
        return renamed;
    }
}
