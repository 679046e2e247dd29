package io.trainyard.artifact;

import io.trainyard.file.PrivateFiles;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.function.Function;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** Files that are whole and on disk once they bear their name, and that only their owner may read. */
public final class DurableFile {

    private static final int BUFFER = 1 << 16;

    private DurableFile() {}

    /**
     * Writes {@code <folder>/<name>}, whose folder is there.
     *
     * @throws IOException when the disk is full or fails; nothing is left behind under the name
     */
    public static Artifact write(Path folder, String name, Content content) throws IOException {
        Path temporary = folder.resolve(name + ".partial");
        Files.deleteIfExists(temporary);
        Artifact artifact = write(content, temporary);
        Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        fsync(folder);
        return artifact;
    }

    /**
     * Writes {@code <root>/<folder>/<name>}: its bytes go to a temporary file below the root, are fsynced, renamed
     * atomically, and the folder is fsynced.
     *
     * @param folder given the file's SHA-256
     * @param name likewise
     * @throws IOException when the disk is full or fails; nothing is left behind under the name
     */
    static Artifact write(
            Path root, Content content, Function<Artifact, String> folder, Function<Artifact, String> name)
            throws IOException {
        create(root);
        Path temporary =
                PrivateFiles.createDirectories(root.resolve("incoming")).resolve(UUID.randomUUID() + ".tmp");
        try {
            Artifact artifact = write(content, temporary);
            Path target = root.resolve(folder.apply(artifact));
            create(target);
            Files.move(
                    temporary,
                    target.resolve(name.apply(artifact)),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            fsync(target);
            return artifact;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Checks a file's size and SHA-256.
     *
     * @throws ProblemException ARTIFACT_DAMAGED when it is missing or its bytes are not those that were stored
     */
    static void verify(Path file, Artifact expected) throws IOException {
        if (!Files.exists(file)) {
            throw damaged(expected, "is missing from the artifact store");
        }
        long size = Files.size(file);
        if (size != expected.bytes()) {
            throw damaged(expected, "has " + size + " bytes instead of " + expected.bytes());
        }
        String actual = new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
        if (!actual.equals(expected.sha256())) {
            throw damaged(expected, "has the checksum " + actual);
        }
    }

    private static ProblemException damaged(Artifact artifact, String how) {
        return new ProblemException(
                ProblemType.ARTIFACT_DAMAGED, "Artifact " + artifact.sha256() + " " + how + "; it is not used.");
    }

    private static Artifact write(Content content, Path file) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
            BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
            content.writeTo(buffered);
            buffered.flush();
            channel.force(true);
            return new Artifact(Hex.encodeHexString(digest.digest()), channel.size());
        }
    }

    /** Creates a folder that is still there after a power loss. */
    private static void create(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (Files.isDirectory(folder) || parent == null) {
            return;
        }
        create(parent);
        PrivateFiles.createDirectories(folder);
        fsync(parent);
    }

    /** On Linux a folder can be opened for reading and fsynced, which makes a rename within it durable. */
    private static void fsync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
