package io.trainyard.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole split that is to be predicted.
 *
 * @param version a number, an alias or {@code latest}
 * @param split {@code train} or {@code test}
 * @param format {@code csv} or {@code jsonl}
 */
public record BatchPredictionRequest(
        String model,
        @Nullable Object version,
        DatasetReference dataset,
        @Nullable String split,
        @Nullable String format,
        @Nullable Integer priority,
        @Nullable Integer maxRuntimeSeconds,
        @Nullable Map<String, String> labels) {

    /** The held-out rows of a dataset by the newest version of a model, as CSV. */
    public static BatchPredictionRequest of(String model, String dataset) {
        return new BatchPredictionRequest(
                model, null, DatasetReference.newestOf(dataset), null, null, null, null, null);
    }
}
