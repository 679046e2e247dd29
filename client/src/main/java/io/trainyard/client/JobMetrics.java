package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job's curves, the first epoch first; a page of them. */
public record JobMetrics(
        List<EpochMetrics> epochs, @Nullable String nextCursor) {}
