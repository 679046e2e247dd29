package io.trainyard.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training job that is asked for.
 *
 * @param model the name under which the network is published
 * @param training may be null where the network is a preset
 * @param priority jobs with a higher one are run first
 * @param maxRuntimeSeconds after which an attempt is ended as failed
 * @param labels the caller's own, to find the job by
 */
public record JobRequest(
        String model,
        DatasetReference dataset,
        Network network,
        @Nullable Training training,
        @Nullable Integer priority,
        @Nullable Integer maxRuntimeSeconds,
        @Nullable Map<String, String> labels) {

    /** A job on the newest version of a dataset. */
    public static JobRequest of(String model, String dataset, Network network, @Nullable Training training) {
        return new JobRequest(model, DatasetReference.newestOf(dataset), network, training, null, null, null);
    }
}
