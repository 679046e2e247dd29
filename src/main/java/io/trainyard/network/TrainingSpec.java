package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained, in Keras' terms.
 *
 * @param seed of initialisation, shuffling and dropout: on the same kind of device the same seed gives the same
 *     network
 */
public record TrainingSpec(
        @Schema(example = "10", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer epochs,

        @Schema(example = "64", defaultValue = "32") Integer batchSize,
        @Schema(example = "42", defaultValue = "0") Long seed,
        @Schema(defaultValue = "true") Boolean shuffle,
        @Schema(defaultValue = "categorical_crossentropy") Loss loss,
        OptimizerSpec optimizer,
        LearningRateSchedule learningRateSchedule,
        @Nullable EarlyStopping earlyStopping) {

    static final int MAX_EPOCHS = 100_000;
    private static final int MAX_BATCH_SIZE = 1 << 16;

    public TrainingSpec {
        epochs = inRange("epochs", required("epochs", epochs), 1, 1, MAX_EPOCHS);
        batchSize = inRange("batch_size", batchSize, 32, 1, MAX_BATCH_SIZE);
        seed = requireNonNullElse(seed, 0L);
        shuffle = requireNonNullElse(shuffle, true);
        loss = requireNonNullElse(loss, Loss.CATEGORICAL_CROSSENTROPY);
        optimizer = requireNonNullElse(optimizer, OptimizerSpec.Adam.DEFAULT);
        learningRateSchedule = requireNonNullElse(learningRateSchedule, new LearningRateSchedule.Constant());
    }

    /** The learning rate of an epoch, counted from 0. */
    public double learningRate(int epoch) {
        return learningRateSchedule.at(optimizer.learningRate(), epoch);
    }
}
