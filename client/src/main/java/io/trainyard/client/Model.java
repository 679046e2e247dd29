package io.trainyard.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model.
 *
 * @param aliases the version that each points at
 */
public record Model(
        String name,
        String description,
        Map<String, String> tags,
        @Nullable Integer latestVersion,
        Map<String, Integer> aliases,
        List<VersionSummary> versions) {

    /** One of its versions, in short. */
    public record VersionSummary(
            int version,
            Map<String, Double> metrics,
            Map<String, String> tags,
            @Nullable UUID jobId,
            Instant createdAt) {}
}
