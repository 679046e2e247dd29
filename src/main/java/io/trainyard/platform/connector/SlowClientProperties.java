package io.trainyard.platform.connector;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.slow-clients.*}.
 *
 * @param patience for how long a client is waited for beyond what it moves at the least rate; also for the head of a request
 * @param minRate bytes a second that are always slow enough
 */
@ConfigurationProperties("trainyard.slow-clients")
record SlowClientProperties(
        @DefaultValue("20s") Duration patience,
        @DefaultValue("500B") DataSize minRate) {}
