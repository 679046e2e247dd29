package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;

/** A figure that each epoch is judged by beside its loss, by Keras' names. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(
            value = MetricSpec.Accuracy.class,
            names = {"accuracy", "categorical_accuracy", "sparse_categorical_accuracy"}),
    @JsonSubTypes.Type(
            value = MetricSpec.Auc.class,
            names = {"auc"}),
    @JsonSubTypes.Type(
            value = MetricSpec.F1Score.class,
            names = {"f1_score"}),
    @JsonSubTypes.Type(
            value = MetricSpec.MeanAbsoluteError.class,
            names = {"mae", "mean_absolute_error"}),
    @JsonSubTypes.Type(
            value = MetricSpec.Precision.class,
            names = {"precision"}),
    @JsonSubTypes.Type(
            value = MetricSpec.R2Score.class,
            names = {"r2_score"}),
    @JsonSubTypes.Type(
            value = MetricSpec.Recall.class,
            names = {"recall"}),
    @JsonSubTypes.Type(
            value = MetricSpec.RootMeanSquaredError.class,
            names = {"rmse", "root_mean_squared_error"}),
    @JsonSubTypes.Type(
            value = MetricSpec.TopKCategoricalAccuracy.class,
            names = {"top_k_categorical_accuracy"}),
})
@Schema(description = "A metric; a type's name stands for its defaults.")
public sealed interface MetricSpec {

    /** Its name in the curves, after {@code train_} or {@code val_}. */
    @JsonIgnore
    default String name() {
        for (JsonSubTypes.Type type :
                MetricSpec.class.getAnnotation(JsonSubTypes.class).value()) {
            if (type.value() == getClass()) {
                return type.names()[0];
            }
        }
        throw new IllegalStateException(getClass() + " has no name");
    }

    /** What it judges. */
    @JsonIgnore
    default Task task() {
        return Task.CLASSIFICATION;
    }

    /** The share of rows whose class is preferred. */
    record Accuracy() implements MetricSpec {}

    /** The share of rows whose class is among the k preferred ones. */
    record TopKCategoricalAccuracy(
            @Schema(defaultValue = "5") Integer k) implements MetricSpec {
        private static final int MAX = 1 << 20;

        public TopKCategoricalAccuracy {
            k = inRange("k", k, 5, 1, MAX);
        }
    }

    /** Hits among what was taken for a class: the mean over classes; with two classes, of the second. */
    record Precision() implements MetricSpec {}

    /** Hits among what belongs to a class: the mean over classes; with two classes, of the second. */
    record Recall() implements MetricSpec {}

    /** The harmonic mean of precision and recall: the mean over classes; with two classes, of the second. */
    record F1Score() implements MetricSpec {}

    /**
     * The area under the ROC curve: the mean over classes, each against the rest; with two classes, of the second. Exact,
     * by ranks (Hanley and McNeil, 1982).
     */
    record Auc() implements MetricSpec {}

    /** The mean of |y − p|. */
    @Schema(name = "MeanAbsoluteErrorMetric")
    record MeanAbsoluteError() implements MetricSpec {
        @Override
        public Task task() {
            return Task.REGRESSION;
        }
    }

    /** √ of the mean of (y − p)². */
    record RootMeanSquaredError() implements MetricSpec {
        @Override
        public Task task() {
            return Task.REGRESSION;
        }
    }

    /** 1 − Σ(y − p)² / Σ(y − ȳ)². */
    record R2Score() implements MetricSpec {
        @Override
        public Task task() {
            return Task.REGRESSION;
        }
    }
}
