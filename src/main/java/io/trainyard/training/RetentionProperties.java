package io.trainyard.training;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings {@code trainyard.retention.*}: for how long after their end jobs are kept. Without them, for ever.
 *
 * @param jobs that no model version comes from: with their curves, history and log, and files of predictions
 * @param logs of all jobs
 */
@ConfigurationProperties("trainyard.retention")
record RetentionProperties(
        @Nullable Duration jobs, @Nullable Duration logs) {}
