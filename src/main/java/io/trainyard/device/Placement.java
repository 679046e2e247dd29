package io.trainyard.device;

import org.jspecify.annotations.Nullable;

/**
 * What a process computes on.
 *
 * @param gpu null for the CPU
 * @param warning why it is not what there is, or was wanted, for an operator; null where all is well
 */
public record Placement(@Nullable Gpu gpu, @Nullable String warning) {

    /** The CPU, as it should be. */
    public static final Placement CPU = new Placement(null, null);
}
