package io.trainyard.problem;

import java.io.IOException;

/** Tells that a disk has no room left from other failures to write. */
final class DiskFull {

    private DiskFull() {}

    /** Whether a write failed with ENOSPC or EDQUOT, by the words of the C library, which Java passes on. */
    static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause instanceof IOException ? cause.getMessage() : null;
            if (message != null
                    && (message.contains("No space left on device") || message.contains("Disk quota exceeded"))) {
                return true;
            }
        }
        return false;
    }
}
