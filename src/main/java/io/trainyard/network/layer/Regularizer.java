package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;

/** A penalty on a layer's weights that is added to the loss, in Keras' terms. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Regularizer.L1.class, name = "l1"),
    @JsonSubTypes.Type(value = Regularizer.L2.class, name = "l2"),
    @JsonSubTypes.Type(value = Regularizer.L1L2.class, name = "l1_l2"),
})
@Schema(description = "A penalty on weights: `l1 · Σ|w| + l2 · Σw²`; a type's name stands for its defaults.")
public sealed interface Regularizer {

    double DEFAULT = 0.01;
    double MAX = 1e6;

    /** The factor of Σ|w|. */
    Double l1();

    /** The factor of Σw². */
    Double l2();

    /** {@code l1 · Σ|w|}. */
    record L1(@Schema(example = "0.01") Double l1) implements Regularizer {
        public L1 {
            l1 = inRange("l1", l1, DEFAULT, 0, MAX);
        }

        @Override
        @JsonIgnore
        public Double l2() {
            return 0.0;
        }
    }

    /** {@code l2 · Σw²}. */
    record L2(@Schema(example = "0.01") Double l2) implements Regularizer {
        public L2 {
            l2 = inRange("l2", l2, DEFAULT, 0, MAX);
        }

        @Override
        @JsonIgnore
        public Double l1() {
            return 0.0;
        }
    }

    /** Both. */
    record L1L2(Double l1, Double l2) implements Regularizer {
        public L1L2 {
            l1 = inRange("l1", l1, 0, 0, MAX);
            l2 = inRange("l2", l2, 0, 0, MAX);
        }
    }
}
