package io.trainyard.observability;

import io.trainyard.artifact.Artifacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Looks whether the artifact folder can be written, and how much room there is, when somebody asks, at most every ten seconds. */
@Component
@Profile("api")
class StoreProbe {

    private static final Logger log = LoggerFactory.getLogger(StoreProbe.class);
    private static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final Path dir;
    private final Fresh<StoreState> state = new Fresh<>("store-probe", MAX_AGE, this::look);

    StoreProbe(Artifacts artifacts) {
        this.dir = artifacts.dir();
    }

    /** What was found; empty when the disk cannot be asked, or does not answer, as a network file system may. */
    Optional<StoreState> get() {
        return state.get();
    }

    private StoreState look() {
        try {
            FileStore disk = Files.getFileStore(existing());
            return new StoreState(isWritable(), disk.getUsableSpace(), disk.getTotalSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It is made when the first artifact is stored. */
    private Path existing() {
        Path folder = dir;
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }

    private boolean isWritable() {
        try {
            Path file = Files.createTempFile(existing(), ".probe-", null);
            try {
                Files.write(file, new byte[] {1});
            } finally {
                Files.delete(file);
            }
            return true;
        } catch (IOException e) {
            log.warn("the artifact folder {} cannot be written: {}", dir, e.toString());
            return false;
        }
    }
}
