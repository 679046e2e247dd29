package io.trainyard.artifact;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.UUID;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.stereotype.Component;

/**
 * The artifact store: {@code <dir>/<first two digits>/<sha256>}.
 *
 * <p>Guarantee: a file under its final name is whole and on disk. Bytes go to a temporary file in the same folder tree,
 * are fsynced, renamed atomically to their SHA-256, and the folder is fsynced before {@link #put} returns.
 */
@Component
public class Artifacts {

    /** Writes an artifact's bytes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private final Path dir;

    Artifacts(ArtifactProperties properties) {
        this.dir = properties.dir().toAbsolutePath().normalize();
    }

    /**
     * Stores what {@code content} writes.
     *
     * @throws UncheckedIOException when the disk is full or fails; nothing is left behind under a final name
     */
    public Artifact put(Content content) {
        try {
            Path incoming = Files.createDirectories(dir.resolve("incoming")).resolve(UUID.randomUUID() + ".tmp");
            try {
                Artifact artifact = write(content, incoming);
                Path folder = folder(artifact.sha256());
                createFolder(folder);
                Files.move(
                        incoming,
                        path(artifact.sha256()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                fsync(folder);
                return artifact;
            } finally {
                Files.deleteIfExists(incoming);
            }
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
        Path file = path(artifact.sha256());
        try {
            if (!Files.exists(file)) {
                throw damaged(artifact, "is missing from the artifact store");
            }
            long size = Files.size(file);
            if (size != artifact.bytes()) {
                throw damaged(artifact, "has " + size + " bytes instead of " + artifact.bytes());
            }
            String actual = sha256(file);
            if (!actual.equals(artifact.sha256())) {
                throw damaged(artifact, "has the checksum " + actual);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("could not read artifact " + artifact.sha256(), e);
        }
    }

    private static ProblemException damaged(Artifact artifact, String how) {
        return new ProblemException(
                ProblemType.ARTIFACT_DAMAGED, "Artifact " + artifact.sha256() + " " + how + "; it is not used.");
    }

    private static Artifact write(Content content, Path file) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
            BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
            content.writeTo(buffered);
            buffered.flush();
            channel.force(true);
            return new Artifact(Hex.encodeHexString(digest.digest()), channel.size());
        }
    }

    private void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            fsync(dir);
        }
    }

    /** On Linux a folder can be opened for reading and fsynced, which makes a rename within it durable. */
    private static void fsync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String sha256(Path file) throws IOException {
        return new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
    }

    private Path path(String sha256) {
        return folder(sha256).resolve(sha256);
    }

    private Path folder(String sha256) {
        return dir.resolve(sha256.substring(0, 2));
    }
}
