package io.trainyard.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.security.limits.*}, of one API process.
 *
 * @param requestsPerSecond of a key or token, unless the key says otherwise; twice as many may come at once
 * @param failuresPerMinute of one address with keys or tokens that are not good
 */
@ConfigurationProperties("trainyard.security.limits")
record LimitProperties(
        @DefaultValue("1000") int requestsPerSecond,
        @DefaultValue("20") int failuresPerMinute) {}
