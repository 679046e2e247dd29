package io.trainyard.backup;

/** A backup or a restore that cannot be made, and why. */
class BackupException extends RuntimeException {

    BackupException(String message) {
        super(message);
    }
}
