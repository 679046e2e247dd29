package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.NameOrObject;
import io.trainyard.network.layer.NamesOrObjects;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a network is to be trained, as far as a client or a preset says; {@link #complete} fills in the rest.
 *
 * @param batchSize rows a step
 * @param seed of initialisation, shuffling, dropout and augmentation: on the same kind of device the same seed gives the
 *     same network
 * @param shuffleBuffer rows that are mixed with each other, as in tf.data's shuffle(buffer_size): contiguous blocks of rows
 *     are read in random order, and so many rows of neighbours in that order are mixed; by default all of the split
 * @param loss by default the one that fits the network's last activation
 * @param metrics computed for each epoch beside the loss
 * @param classWeight by which a training row's loss is multiplied, by the name of its class; 1 where it has none
 * @param augmentation of training pictures
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSettings(
        @Schema(example = "10", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        Integer epochs,

        @Schema(example = "64", defaultValue = "32") @Nullable
        Integer batchSize,

        @Schema(example = "42", defaultValue = "0") @Nullable
        Long seed,

        @Schema(defaultValue = "true") @Nullable Boolean shuffle,

        @Schema(
                description =
                        "Rows that are mixed with each other, at least batch_size. Left out, it is the whole split, or, where"
                                + " that is larger than trainyard.training.shuffle-memory, as many rows as fit there.",
                minimum = "1",
                example = "100000")
        @Nullable
        Integer shuffleBuffer,

        @NameOrObject @Nullable LossSpec loss,
        @NamesOrObjects @Nullable List<MetricSpec> metrics,
        @NameOrObject @Nullable OptimizerSpec optimizer,
        @NameOrObject @Nullable LearningRateSchedule learningRateSchedule,
        @Nullable EarlyStopping earlyStopping,
        @Nullable Map<String, Double> classWeight,
        @Nullable Augmentation augmentation) {

    /** Nothing said. */
    public static final TrainingSettings NONE =
            new TrainingSettings(null, null, null, null, null, null, null, null, null, null, null, null);

    private static final int MAX_BATCH_SIZE = 1 << 16;
    private static final int MAX_METRICS = 20;
    private static final double MAX_CLASS_WEIGHT = 1e9;

    public TrainingSettings {
        if (epochs != null) {
            inRange("epochs", epochs, 1, 1, TrainingSpec.MAX_EPOCHS);
        }
        if (batchSize != null) {
            inRange("batch_size", batchSize, 1, 1, MAX_BATCH_SIZE);
        }
        if (shuffleBuffer != null) {
            inRange("shuffle_buffer", shuffleBuffer, 1, 1, Integer.MAX_VALUE);
        }
        if (metrics != null) {
            if (metrics.size() > MAX_METRICS || metrics.stream().anyMatch(Objects::isNull)) {
                throw new InvalidFieldException("metrics", "must hold at most " + MAX_METRICS + " metrics and no null");
            }
            metrics = metrics.stream().distinct().toList();
            for (int i = 0; i < metrics.size(); i++) {
                String name = metrics.get(i).name();
                if (metrics.stream().limit(i).anyMatch(other -> other.name().equals(name))) {
                    throw new InvalidFieldException("metrics", "must hold " + name + " once");
                }
            }
        }
        if (classWeight != null) {
            classWeight.forEach((name, weight) -> {
                if (weight == null) {
                    throw new InvalidFieldException("class_weight", "must not hold null");
                }
                positive("class_weight", weight, 1, MAX_CLASS_WEIGHT);
            });
            classWeight = Map.copyOf(classWeight);
        }
    }

    /** These settings, and where they say nothing, those of {@code others}. */
    public TrainingSettings orElse(TrainingSettings others) {
        return new TrainingSettings(
                first(epochs, others.epochs),
                first(batchSize, others.batchSize),
                first(seed, others.seed),
                first(shuffle, others.shuffle),
                first(shuffleBuffer, others.shuffleBuffer),
                first(loss, others.loss),
                first(metrics, others.metrics),
                first(optimizer, others.optimizer),
                first(learningRateSchedule, others.learningRateSchedule),
                first(earlyStopping, others.earlyStopping),
                first(classWeight, others.classWeight),
                first(augmentation, others.augmentation));
    }

    /**
     * Fills in every default.
     *
     * @param output the activation that the network ends in, which decides the loss where none is given
     * @throws InvalidFieldException when {@code epochs} is missing, or the shuffle buffer fits nothing else
     */
    public TrainingSpec complete(Task task, Activation output) {
        int rowsInBatch = requireNonNullElse(batchSize, 32);
        boolean shuffles = requireNonNullElse(shuffle, true);
        if (shuffleBuffer != null && !shuffles) {
            throw new InvalidFieldException("shuffle_buffer", "has no meaning where shuffle is false; leave it out");
        }
        if (shuffleBuffer != null && shuffleBuffer < rowsInBatch) {
            throw new InvalidFieldException(
                    "shuffle_buffer",
                    "must hold at least the rows of a batch: batch_size is " + rowsInBatch + ", this was "
                            + shuffleBuffer);
        }
        return new TrainingSpec(
                InvalidFieldException.required("epochs", epochs),
                rowsInBatch,
                requireNonNullElse(seed, 0L),
                shuffles,
                shuffleBuffer,
                requireNonNullElse(loss, usualLoss(task, output)),
                requireNonNullElse(metrics, usualMetrics(task)),
                requireNonNullElse(optimizer, OptimizerSpec.Adam.DEFAULT),
                requireNonNullElse(learningRateSchedule, new LearningRateSchedule.Constant()),
                earlyStopping,
                requireNonNullElse(classWeight, Map.of()),
                augmentation);
    }

    private static LossSpec usualLoss(Task task, Activation output) {
        if (task == Task.REGRESSION) {
            return new LossSpec.MeanSquaredError();
        }
        return output == Activation.SIGMOID
                ? new LossSpec.BinaryCrossentropy(0.0)
                : new LossSpec.CategoricalCrossentropy(0.0);
    }

    private static List<MetricSpec> usualMetrics(Task task) {
        return task == Task.CLASSIFICATION
                ? List.of(new MetricSpec.Accuracy())
                : List.of(
                        new MetricSpec.MeanAbsoluteError(),
                        new MetricSpec.RootMeanSquaredError(),
                        new MetricSpec.R2Score());
    }

    private static <T> @Nullable T first(@Nullable T given, @Nullable T other) {
        return given != null ? given : other;
    }
}
