package io.trainyard.serving;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.serving.*}.
 *
 * @param maxLoaded model versions that are kept in memory; the one not used for longest makes way
 * @param maxQueued requests that may wait for one version; further ones are answered with 429
 * @param maxInstances in one request
 * @param maxBatchSize rows that go through a network together
 * @param maxDelay for which a request may wait for others to be batched with; what comes in while a batch is computed is
 *     batched in any case
 * @param timeout after which a request that has not been run is given up, unless it says {@code timeout_ms}
 */
@ConfigurationProperties("trainyard.serving")
record ServingProperties(
        @DefaultValue("16") int maxLoaded,
        @DefaultValue("64") int maxQueued,
        @DefaultValue("10000") int maxInstances,
        @DefaultValue("128") int maxBatchSize,
        @DefaultValue("0ms") Duration maxDelay,
        @DefaultValue("30s") Duration timeout) {

    MicroBatcher.Settings batching() {
        return new MicroBatcher.Settings(maxBatchSize, maxDelay, maxQueued);
    }
}
