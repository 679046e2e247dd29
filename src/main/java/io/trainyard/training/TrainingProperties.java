package io.trainyard.training;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.training.*}.
 *
 * @param memoryLimit the most memory that a job's network may need; half of this machine's by default
 * @param shuffleMemory a training split with more bytes is shuffled through a buffer of so many, unless the job says more
 * @param maxQueued jobs that may wait; further ones are answered with 429
 * @param pollInterval how often an idle worker looks for a job
 * @param heartbeatInterval how often a worker renews its lease; it is lost after {@code missedHeartbeats} of them
 * @param missedHeartbeats at least 4
 * @param maxLosses times that a job's worker may be lost, without a checkpoint in between, before the job fails
 * @param checkpointInterval after which a checkpoint is written within an epoch too; there is one after each epoch
 * @param shareLabel the label by whose values jobs of the same priority take turns
 */
@ConfigurationProperties("trainyard.training")
record TrainingProperties(
        @Nullable DataSize memoryLimit,
        @DefaultValue("4GB") DataSize shuffleMemory,
        @DefaultValue("10000") int maxQueued,
        @DefaultValue("500ms") Duration pollInterval,
        @DefaultValue("5s") Duration heartbeatInterval,
        @DefaultValue("6") int missedHeartbeats,
        @DefaultValue("3") int maxLosses,
        @DefaultValue("5m") Duration checkpointInterval,
        @DefaultValue("owner") String shareLabel) {

    /** With fewer db-scheduler would take a pause of the JVM for a worker's end. */
    private static final int LEAST_HEARTBEATS = 4;

    TrainingProperties {
        if (missedHeartbeats < LEAST_HEARTBEATS) {
            throw new IllegalArgumentException("trainyard.training.missed-heartbeats must be at least "
                    + LEAST_HEARTBEATS + ", was " + missedHeartbeats);
        }
    }
}
