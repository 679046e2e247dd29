package io.trainyard.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.trainyard.network.layer.NameOrObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained, in Keras' terms, complete.
 *
 * @param batchSize rows a step
 * @param seed of initialisation, shuffling, dropout and augmentation: on the same kind of device the same seed gives the
 *     same network
 * @param shuffleBuffer rows that are mixed with each other; null for all of the split
 * @param metrics computed for each epoch beside the loss
 * @param classWeight by which a training row's loss is multiplied, by the name of its class; 1 where it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSpec(
        int epochs,
        int batchSize,
        long seed,
        boolean shuffle,
        @Nullable Integer shuffleBuffer,
        @NameOrObject LossSpec loss,
        List<MetricSpec> metrics,
        OptimizerSpec optimizer,
        LearningRateSchedule learningRateSchedule,
        @Nullable EarlyStopping earlyStopping,
        Map<String, Double> classWeight,
        @Nullable Augmentation augmentation) {

    static final int MAX_EPOCHS = 100_000;

    public TrainingSpec {
        // Jobs of before there was a choice have no such fields.
        metrics = metrics == null ? List.of(new MetricSpec.Accuracy()) : List.copyOf(metrics);
        classWeight = classWeight == null ? Map.of() : Map.copyOf(classWeight);
    }

    /** Steps in an epoch over so many rows; the last step may have fewer than the others. */
    public int iterations(int rows) {
        return (int) (((long) rows + batchSize - 1) / batchSize);
    }

    /** The same training with a shuffle buffer of so many rows. */
    public TrainingSpec withShuffleBuffer(int rows) {
        return new TrainingSpec(
                epochs,
                batchSize,
                seed,
                shuffle,
                rows,
                loss,
                metrics,
                optimizer,
                learningRateSchedule,
                earlyStopping,
                classWeight,
                augmentation);
    }
}
