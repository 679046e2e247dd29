package io.trainyard.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained. What is null is the service's default, or the preset's.
 *
 * @param batchSize rows a step
 * @param shuffleBuffer rows that are mixed with each other
 * @param classWeight by which a class' loss is multiplied, by its name
 */
public record Training(
        @Nullable Integer epochs,
        @Nullable Integer batchSize,
        @Nullable Long seed,
        @Nullable Boolean shuffle,
        @Nullable Integer shuffleBuffer,
        @Nullable Spec loss,
        @Nullable List<Spec> metrics,
        @Nullable Spec optimizer,
        @Nullable Spec learningRateSchedule,
        @Nullable EarlyStopping earlyStopping,
        @Nullable Map<String, Double> classWeight,
        @Nullable Augmentation augmentation) {

    /**
     * When to stop before the last epoch.
     *
     * @param monitor the metric, such as {@code val_loss}
     * @param mode {@code auto}, {@code min} or {@code max}
     */
    public record EarlyStopping(
            @Nullable String monitor,
            @Nullable String mode,
            @Nullable Double minDelta,
            @Nullable Integer patience,
            @Nullable Boolean restoreBestWeights) {}

    /** How training pictures are varied. */
    public record Augmentation(
            @Nullable Double rotationRange,
            @Nullable Double widthShiftRange,
            @Nullable Double heightShiftRange,
            @Nullable Double zoomRange,
            @Nullable Boolean horizontalFlip,
            @Nullable Boolean verticalFlip,
            @Nullable String fillMode) {}

    /** So many epochs; all else by default. */
    public static Training epochs(int epochs) {
        return new Training(epochs, null, null, null, null, null, null, null, null, null, null, null);
    }

    public Training withBatchSize(int size) {
        return new Training(
                epochs,
                size,
                seed,
                shuffle,
                shuffleBuffer,
                loss,
                metrics,
                optimizer,
                learningRateSchedule,
                earlyStopping,
                classWeight,
                augmentation);
    }

    public Training withSeed(long number) {
        return new Training(
                epochs,
                batchSize,
                number,
                shuffle,
                shuffleBuffer,
                loss,
                metrics,
                optimizer,
                learningRateSchedule,
                earlyStopping,
                classWeight,
                augmentation);
    }

    public Training withOptimizer(Spec spec) {
        return new Training(
                epochs,
                batchSize,
                seed,
                shuffle,
                shuffleBuffer,
                loss,
                metrics,
                spec,
                learningRateSchedule,
                earlyStopping,
                classWeight,
                augmentation);
    }

    public Training withLearningRateSchedule(Spec spec) {
        return new Training(
                epochs,
                batchSize,
                seed,
                shuffle,
                shuffleBuffer,
                loss,
                metrics,
                optimizer,
                spec,
                earlyStopping,
                classWeight,
                augmentation);
    }

    public Training withEarlyStopping(EarlyStopping rule) {
        return new Training(
                epochs,
                batchSize,
                seed,
                shuffle,
                shuffleBuffer,
                loss,
                metrics,
                optimizer,
                learningRateSchedule,
                rule,
                classWeight,
                augmentation);
    }
}
