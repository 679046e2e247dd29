package io.trainyard.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model; it never changes.
 *
 * @param metrics on the held-out split
 * @param summary the network's layers, as the service says them
 */
public record ModelVersion(
        String model,
        int version,
        Map<String, Double> metrics,
        String description,
        Map<String, String> tags,
        Input input,
        Output output,
        Object summary,
        Lineage lineage,
        Artifact artifact,
        Instant createdAt) {

    /** What it takes, and how that is encoded. */
    public record Input(List<Integer> shape, Map<String, Object> encoding) {}

    /** What it gives. */
    public record Output(
            List<Integer> shape,
            List<String> classes,
            @Nullable String target) {}

    /**
     * Where it comes from.
     *
     * @param imported the file, where it was imported
     */
    public record Lineage(
            @Nullable UUID jobId,
            @Nullable Map<String, Object> dataset,
            @Nullable Object spec,
            @Nullable Long seed,
            @JsonProperty("import") @Nullable Map<String, Object> imported) {}

    /** Its weights. */
    public record Artifact(String sha256, long bytes) {}
}
