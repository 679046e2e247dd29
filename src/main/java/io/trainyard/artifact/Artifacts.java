package io.trainyard.artifact;

import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The artifact store: {@code <dir>/<first two digits>/<sha256>}.
 *
 * <p>Guarantee: a file under its final name is whole and on disk before {@link #put} returns.
 */
@Component
public class Artifacts {

    private static final Logger log = LoggerFactory.getLogger(Artifacts.class);

    private final Path dir;
    private final Clock clock;

    Artifacts(ArtifactProperties properties, Clock clock) {
        this.dir = properties.dir().toAbsolutePath().normalize();
        this.clock = clock;
    }

    /** The store's folder. */
    public Path dir() {
        return dir;
    }

    /**
     * Stores what {@code content} writes.
     *
     * @throws UncheckedIOException when the disk is full or fails; nothing is left behind under a final name
     */
    public Artifact put(Content content) {
        try {
            return DurableFile.write(dir, content, Artifacts::folder, Artifact::sha256);
        } catch (IOException e) {
            throw new UncheckedIOException("could not store an artifact under " + dir, e);
        }
    }

    /**
     * The file of an artifact, after its size and SHA-256 were checked.
     *
     * @throws ProblemException ARTIFACT_DAMAGED when the file is missing or its bytes are not those that were stored
     */
    public Path verified(Artifact artifact) {
        Path file = path(artifact);
        try {
            DurableFile.verify(file, artifact);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("could not read artifact " + artifact.sha256(), e);
        }
    }

    /**
     * Says that an artifact is needed no more: from now on it ages as an orphan does.
     */
    public void release(Artifact artifact) {
        try {
            Files.setLastModifiedTime(path(artifact), FileTime.from(clock.instant()));
        } catch (IOException missing) {
            log.debug("{} is not there to be released: {}", artifact, missing.toString());
        }
    }

    /**
     * Says that an artifact is needed.
     *
     * @param owner what needs it, in words
     */
    public Reference reference(String owner, Artifact artifact) {
        return new Reference(owner, folder(artifact) + "/" + artifact.sha256(), artifact);
    }

    private Path path(Artifact artifact) {
        return dir.resolve(folder(artifact)).resolve(artifact.sha256());
    }

    private static String folder(Artifact artifact) {
        return artifact.sha256().substring(0, 2);
    }
}
