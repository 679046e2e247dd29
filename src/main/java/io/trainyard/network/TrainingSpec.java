package io.trainyard.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained, in Keras' terms, complete.
 *
 * @param batchSize rows a step
 * @param seed of initialisation, shuffling, dropout and augmentation: on the same kind of device the same seed gives the
 *     same network
 * @param metrics computed for each epoch beside the loss
 * @param classWeight by which a training row's loss is multiplied, by the name of its class; 1 where it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSpec(
        int epochs,
        int batchSize,
        long seed,
        boolean shuffle,
        LossSpec loss,
        List<MetricSpec> metrics,
        OptimizerSpec optimizer,
        LearningRateSchedule learningRateSchedule,
        @Nullable EarlyStopping earlyStopping,
        Map<String, Double> classWeight,
        @Nullable Augmentation augmentation) {

    static final int MAX_EPOCHS = 100_000;

    public TrainingSpec {
        metrics = List.copyOf(metrics);
        classWeight = Map.copyOf(classWeight);
    }
}
