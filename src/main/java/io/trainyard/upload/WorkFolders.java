package io.trainyard.upload;

import io.trainyard.file.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Folders for the files of one request each. What a process that was killed has left is deleted at a later start. */
@Component
@Profile("api")
public class WorkFolders {

    private static final Logger log = LoggerFactory.getLogger(WorkFolders.class);
    /** Longer than any request lasts: other processes may share the folder. */
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);

    private final Path dir;
    private final Clock clock;

    WorkFolders(UploadProperties properties, Clock clock) throws IOException {
        this.dir =
                PrivateFiles.createDirectories(properties.dir().toAbsolutePath().normalize());
        this.clock = clock;
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.toList()) {
                deleteOld(file);
            }
        }
    }

    /** Works in a folder that is there only meanwhile. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Path folder) throws IOException;
    }

    Path dir() {
        return dir;
    }

    /** Gives the work a folder of its own, and deletes it with all that is in it. */
    public <T> T use(Work<T> work) throws IOException {
        Path folder = PrivateFiles.createDirectory(dir.resolve(UUID.randomUUID().toString()));
        try {
            return work.in(folder);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private void deleteOld(Path file) throws IOException {
        try {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(clock.instant().minus(LEFT_BEHIND))) {
                FileSystemUtils.deleteRecursively(file);
            }
        } catch (NoSuchFileException gone) {
            // Another process on the same folder was faster, or has finished its work.
            log.debug("{} is gone", file);
        }
    }
}
