package io.trainyard.serving;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.serving.*}.
 *
 * @param maxLoaded model versions that are kept in memory; the one not used for longest makes way
 * @param maxQueued requests that may wait for one version; further ones are answered with 429
 * @param maxInstances in one request
 */
@ConfigurationProperties("trainyard.serving")
record ServingProperties(
        @DefaultValue("16") int maxLoaded,
        @DefaultValue("64") int maxQueued,
        @DefaultValue("10000") int maxInstances) {}
