package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked.
 *
 * @param version a number, an alias or {@code latest}; the newest where it is null
 * @param instances rows: arrays, flat or nested, or maps by column name
 * @param topK how many of the most probable classes to name
 * @param timeoutMs after which it is given up
 */
public record PredictRequest(
        String model,
        @Nullable Object version,
        List<?> instances,
        @Nullable Integer topK,
        @Nullable Integer timeoutMs) {

    /** Asks the newest version. */
    public static PredictRequest of(String model, Object... instances) {
        return new PredictRequest(model, null, List.of(instances), null, null);
    }

    /** Asks this version: a number, or an alias. */
    public PredictRequest withVersion(Object choice) {
        return new PredictRequest(model, choice, instances, topK, timeoutMs);
    }

    public PredictRequest withTopK(int count) {
        return new PredictRequest(model, version, instances, count, timeoutMs);
    }
}
