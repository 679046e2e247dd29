package io.trainyard.backup;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings {@code trainyard.backup.*}.
 *
 * @param dir the folder of the backup
 */
@ConfigurationProperties("trainyard.backup")
record BackupProperties(@Nullable Path dir) {

    Path folder() {
        if (dir == null) {
            throw new BackupException("Say which folder: trainyard.backup.dir is not set.");
        }
        return dir.toAbsolutePath().normalize();
    }
}
