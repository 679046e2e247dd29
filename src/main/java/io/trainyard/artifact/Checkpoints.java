package io.trainyard.artifact;

import io.trainyard.file.PrivateFiles;
import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The checkpoints of jobs: {@code <dir>/checkpoints/<job>/<name>}. They are not addressed by their content, since each
 * goes with its job, while two jobs may well write the same bytes.
 *
 * <p>Guarantee: a file under its name is whole and on disk before {@link #put} returns.
 */
@Component
public class Checkpoints {

    private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
    private static final String FOLDER = "checkpoints";

    private final Path dir;

    Checkpoints(ArtifactProperties properties) {
        this.dir = properties.dir().toAbsolutePath().normalize().resolve(FOLDER);
    }

    /**
     * Stores what {@code content} writes.
     *
     * @param name of the file; one that no other attempt uses
     * @throws UncheckedIOException when the disk is full or fails; nothing is left behind under the name
     */
    public Artifact put(UUID job, String name, Content content) {
        try {
            return DurableFile.write(dir, content, stored -> job.toString(), stored -> name);
        } catch (IOException e) {
            throw new UncheckedIOException("could not store a checkpoint under " + dir, e);
        }
    }

    /**
     * The file of a checkpoint, after its size and SHA-256 were checked.
     *
     * @throws ProblemException ARTIFACT_DAMAGED when the file is missing or its bytes are not those that were stored
     */
    public Path verified(UUID job, String name, Artifact expected) throws IOException {
        Path file = folder(job).resolve(name);
        DurableFile.verify(file, expected);
        return file;
    }

    /**
     * Where an attempt of a job may write a file of its own as it goes along. Nothing of it is promised to last: it is deleted
     * with the job's checkpoints, and those that earlier attempts have left are deleted now.
     */
    public Path draft(UUID job, int attempt) throws IOException {
        Path folder = PrivateFiles.createDirectories(folder(job));
        delete(job, IntStream.range(1, attempt).mapToObj(Checkpoints::draftName).toList());
        return folder.resolve(draftName(attempt));
    }

    private static String draftName(int attempt) {
        return attempt + ".draft";
    }

    /** Says that a checkpoint is needed. */
    public Reference reference(UUID job, String name, Artifact artifact) {
        return new Reference("job " + job, FOLDER + "/" + job + "/" + name, artifact);
    }

    /** Deletes files that are of no use any more. One that cannot be deleted is left to the audit. */
    public void delete(UUID job, List<String> names) {
        for (String name : names) {
            try {
                Files.deleteIfExists(folder(job).resolve(name));
            } catch (IOException e) {
                log.warn("{} of job {} is left behind", name, job, e);
            }
        }
    }

    /** Deletes all files of a job that has ended. What cannot be deleted is left to the audit. */
    public void delete(UUID job) {
        try {
            FileSystemUtils.deleteRecursively(folder(job));
        } catch (NoSuchFileException another) {
            log.debug("the checkpoints of job {} are being deleted already", job);
        } catch (IOException e) {
            log.warn("checkpoints of job {} are left behind", job, e);
        }
    }

    private Path folder(UUID job) {
        return dir.resolve(job.toString());
    }
}
