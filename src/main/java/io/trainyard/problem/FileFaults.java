package io.trainyard.problem;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Says why a file, or a connection, could not be used, without where it lies: exceptions' own messages are mostly paths. */
public final class FileFaults {

    private FileFaults() {}

    /** The reason in words. */
    public static String reason(Exception fault) {
        if (fault instanceof NoSuchFileException || fault instanceof FileNotFoundException) {
            return "it is not there";
        }
        if (fault instanceof AccessDeniedException) {
            return "its permissions do not allow it";
        }
        String reason = fault instanceof FileSystemException file ? file.getReason() : fault.getMessage();
        return Objects.requireNonNullElse(reason, "it did not work, for no stated reason");
    }
}
