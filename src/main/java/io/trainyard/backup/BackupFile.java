package io.trainyard.backup;

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
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/** A file of a backup, which is whole and on disk once it bears its name. */
record BackupFile(Path path) {

    /** What goes into it. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Returns the SHA-256 of what was written. */
    String write(Content content) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        Path partial = path.resolveSibling(path.getFileName() + ".partial");
        try (FileChannel channel = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            content.writeTo(new DigestOutputStream(Channels.newOutputStream(channel), digest));
            channel.force(true);
        }
        Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * @throws IllegalStateException when its bytes are not those that were written
     */
    void verify(String sha256) throws IOException {
        String actual = new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(path);
        if (!actual.equals(sha256)) {
            throw new IllegalStateException("The backup is damaged: " + path + " has the checksum " + actual);
        }
    }
}
