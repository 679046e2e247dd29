package io.trainyard.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** A random password in a file that only this user can read. */
final class PasswordFile {

    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private PasswordFile() {}

    static String readOrCreate(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } else {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            Path written = Files.createTempFile(
                    file.getParent(), "new", ".password", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            // Synchronised: the database may keep its half of the secret through a power failure.
            Files.writeString(
                    written, HexFormat.of().formatHex(random), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(written, file);
        }
        return read(file);
    }

    static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }
}
