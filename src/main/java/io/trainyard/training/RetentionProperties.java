package io.trainyard.training;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * Settings {@code trainyard.retention.*}: for how long after their end jobs are kept, in days unless a unit is given. Without
 * them, for ever.
 *
 * @param jobs that no model version comes from: with their curves, history and log, and files of predictions
 * @param logs of all jobs
 */
@ConfigurationProperties("trainyard.retention")
record RetentionProperties(
        @DurationUnit(ChronoUnit.DAYS) @Nullable Duration jobs,
        @DurationUnit(ChronoUnit.DAYS) @Nullable Duration logs) {

    private static final Duration LEAST = Duration.ofDays(1);

    RetentionProperties {
        check("jobs", jobs);
        check("logs", logs);
    }

    /** What is deleted is gone: a unit that was forgotten must not be the reason. */
    private static void check(String name, @Nullable Duration age) {
        if (age != null && age.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("trainyard.retention." + name + " must be at least a day, was " + age);
        }
    }
}
