package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;

/** What training makes small, by Keras' names; the mean over the rows of a batch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(
            value = LossSpec.BinaryCrossentropy.class,
            names = {"binary_crossentropy"}),
    @JsonSubTypes.Type(
            value = LossSpec.CategoricalCrossentropy.class,
            names = {"categorical_crossentropy", "sparse_categorical_crossentropy"}),
    @JsonSubTypes.Type(
            value = LossSpec.Huber.class,
            names = {"huber"}),
    @JsonSubTypes.Type(
            value = LossSpec.MeanAbsoluteError.class,
            names = {"mae", "mean_absolute_error"}),
    @JsonSubTypes.Type(
            value = LossSpec.MeanSquaredError.class,
            names = {"mse", "mean_squared_error"}),
})
@Schema(description = "A loss; a type's name stands for its defaults.")
public sealed interface LossSpec {

    /** Whether it compares probabilities of classes, and so is of no use for numbers. */
    @JsonIgnore
    default boolean isForClasses() {
        return false;
    }

    /**
     * −Σ y·log p over classes; computed from the softmax's inputs, so that no log(0) can arise. A dataset's labels are
     * class indices, so Keras' sparse form is the same here.
     *
     * @param labelSmoothing the share of the label that is spread over all classes (Szegedy et al., 2016)
     */
    record CategoricalCrossentropy(Double labelSmoothing) implements LossSpec {
        public CategoricalCrossentropy {
            labelSmoothing = inRange("label_smoothing", labelSmoothing, 0, 0, 1);
        }

        @Override
        public boolean isForClasses() {
            return true;
        }
    }

    /**
     * The mean over outputs of −y·log p − (1 − y)·log(1 − p); computed from the sigmoid's inputs. With one output for two
     * classes, or an output for each class.
     *
     * @param labelSmoothing moves labels towards ½ by this share
     */
    record BinaryCrossentropy(Double labelSmoothing) implements LossSpec {
        public BinaryCrossentropy {
            labelSmoothing = inRange("label_smoothing", labelSmoothing, 0, 0, 1);
        }

        @Override
        public boolean isForClasses() {
            return true;
        }
    }

    /** The mean over outputs of (y − p)². */
    record MeanSquaredError() implements LossSpec {}

    /** The mean over outputs of |y − p|. */
    record MeanAbsoluteError() implements LossSpec {}

    /**
     * The mean over outputs of ½e² where |e| ≤ delta, and of delta·|e| − ½delta² elsewhere, with e = y − p (Huber,
     * 1964).
     */
    record Huber(Double delta) implements LossSpec {
        private static final double MAX = 1e9;

        public Huber {
            delta = positive("delta", delta, 1, MAX);
        }
    }
}
