package io.trainyard.client;

import org.jspecify.annotations.Nullable;

/**
 * A dataset.
 *
 * @param version the newest where it is null
 */
public record DatasetReference(String name, @Nullable Integer version) {

    /** Its newest version. */
    public static DatasetReference newestOf(String name) {
        return new DatasetReference(name, null);
    }
}
