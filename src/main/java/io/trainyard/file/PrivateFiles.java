package io.trainyard.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files with mode 0600 and folders with 0700, whatever the umask: Java cannot set that. What is there already keeps the
 * mode that its owner gave it.
 */
public final class PrivateFiles {

    private static final FileAttribute<Set<PosixFilePermission>> FOLDER = attribute("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> FILE = attribute("rw-------");

    private PrivateFiles() {}

    private static FileAttribute<Set<PosixFilePermission>> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /** Makes a folder, with those above it that are missing. */
    public static Path createDirectories(Path folder) throws IOException {
        return Files.createDirectories(folder, FOLDER);
    }

    /**
     * Makes a folder.
     *
     * @throws java.nio.file.FileAlreadyExistsException where there is one
     */
    public static Path createDirectory(Path folder) throws IOException {
        return Files.createDirectory(folder, FOLDER);
    }

    /**
     * Makes an empty file.
     *
     * @throws java.nio.file.FileAlreadyExistsException where there is one
     */
    public static Path createFile(Path file) throws IOException {
        return Files.createFile(file, FILE);
    }

    /** Opens a file; it is made where the options say so. */
    public static FileChannel open(Path file, StandardOpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), FILE);
    }

    /** Whether users other than the file's owner may do anything with it. */
    public static boolean isOpenToOthers(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream()
                .anyMatch(permission -> !permission.name().startsWith("OWNER_"));
    }
}
