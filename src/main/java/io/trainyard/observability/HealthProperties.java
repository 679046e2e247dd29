package io.trainyard.observability;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.health.*}.
 *
 * @param minFreeSpace on the artifact store's disk; with less its health is DOWN
 */
@ConfigurationProperties("trainyard.health")
record HealthProperties(@DefaultValue("1GB") DataSize minFreeSpace) {}
