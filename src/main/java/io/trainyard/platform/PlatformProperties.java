package io.trainyard.platform;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.*} of the process as a whole.
 *
 * @param role what this process does
 * @param dataDir the folder of all that is kept: PostgreSQL, artifacts, datasets
 * @param maxBodySize of a request, other than to predict
 * @param maxPredictBodySize of a request to predict
 * @param shutdownDelay after SIGTERM: readiness is 503 at once, and requests are answered for so long
 */
@ConfigurationProperties("trainyard")
record PlatformProperties(
        Role role,
        Path dataDir,
        @DefaultValue("1MB") DataSize maxBodySize,
        @DefaultValue("64MB") DataSize maxPredictBodySize,
        @DefaultValue("0s") Duration shutdownDelay) {

    /** What a process does. */
    enum Role {
        /** Answers HTTP, serves models, and starts local workers. */
        API,
        /** Trains. */
        WORKER,
        /** Writes a backup and ends. */
        BACKUP,
        /** Reads a backup and ends. */
        RESTORE,
        /** Makes, lists or revokes API keys and ends. */
        KEYS
    }
}
