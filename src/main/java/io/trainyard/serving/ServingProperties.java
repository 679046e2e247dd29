package io.trainyard.serving;

import com.sun.management.OperatingSystemMXBean;
import io.trainyard.model.ModelVersion;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/**
 * Settings {@code trainyard.serving.*}.
 *
 * @param memory that loaded versions may take together; a quarter of the machine's by default
 * @param maxLoaded model versions that are kept in memory; the one not used for longest makes way
 * @param replicas threads that answer for one version, each with a copy of the network; one for every four processors by
 *     default
 * @param maxQueued requests that may wait for one version; further ones are answered with 429
 * @param maxInstances in one request
 * @param maxBatchSize rows that go through a network together
 * @param maxDelay for which a request may wait for others to be batched with; what comes in while a batch is computed is
 *     batched in any case
 * @param targetP99 of the time from a request's arrival in a version's queue to its answer: batch sizes and delays are then
 *     chosen to keep it, up to {@code maxBatchSize}, and {@code maxDelay} does not count; by default they are as they are set
 * @param targetP99Of the same for single models, by their names
 * @param timeout after which a request that has not been run is given up, unless it says {@code timeout_ms}
 */
@ConfigurationProperties("trainyard.serving")
record ServingProperties(
        @Nullable DataSize memory,
        @DefaultValue("64") int maxLoaded,
        @Nullable Integer replicas,
        @DefaultValue("64") int maxQueued,
        @DefaultValue("10000") int maxInstances,
        @DefaultValue("128") int maxBatchSize,
        @DefaultValue("0ms") Duration maxDelay,
        @Nullable Duration targetP99,
        @DefaultValue Map<String, Duration> targetP99Of,
        @DefaultValue("30s") Duration timeout) {

    private static final int PROCESSORS_PER_REPLICA = 4;
    private static final int SHARE_OF_MEMORY = 4;
    private static final int BYTES_PER_VALUE = 4;

    ServingProperties {
        targetP99Of = Map.copyOf(targetP99Of);
    }

    /** How requests for a version of a model are put together. */
    MicroBatcher.Settings batching(String model) {
        Duration target = targetP99Of.getOrDefault(model, targetP99);
        return new MicroBatcher.Settings(
                target == null ? new FixedBatching(maxBatchSize, maxDelay) : new AdaptiveBatching(target, maxBatchSize),
                maxQueued,
                replicaCount());
    }

    int replicaCount() {
        return replicas != null
                ? replicas
                : Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_REPLICA);
    }

    /** In bytes. */
    long memoryBudget() {
        return memory != null
                ? memory.toBytes()
                : ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize()
                        / SHARE_OF_MEMORY;
    }

    /**
     * About how many bytes a version takes while it is served: its weights, and the outputs of all layers for the largest
     * batch, and its rows twice.
     */
    long bytes(ModelVersion version) {
        JsonNode summary = version.summary();
        double values = 2.0 * maxBatchSize * version.encoding().encodedSize();
        values += summary.path("total_parameters").asDouble(0);
        for (JsonNode layer : summary.path("layers")) {
            double outputs = maxBatchSize;
            for (JsonNode size : layer.path("output_shape")) {
                outputs *= size.asDouble(1);
            }
            values += outputs;
        }
        return (long) (values * BYTES_PER_VALUE * replicaCount());
    }
}
