package io.trainyard.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A version of a dataset; it never changes.
 *
 * @param task {@code classification} or {@code regression}
 * @param splits by name, {@code train} and {@code test}
 */
public record DatasetVersion(
        String name,
        int version,
        String task,
        int rows,
        List<Integer> inputShape,
        List<String> classes,
        @Nullable String target,
        Map<String, Split> splits,
        @Nullable Map<String, Object> encoding,
        @Nullable Map<String, Object> statistics,
        @Nullable Map<String, Object> provenance,
        String sha256,
        Instant createdAt) {

    /** A part of its rows. */
    public record Split(int rows, @Nullable Map<String, Integer> classCounts) {}
}
