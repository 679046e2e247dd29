package io.trainyard.platform;

import java.nio.file.Path;

/** Another instance works on the same data. */
class DataDirectoryInUseException extends RuntimeException {

    private final Path directory;
    private final String owner;

    DataDirectoryInUseException(Path directory, String owner) {
        super("the data directory " + directory + " is in use by " + owner);
        this.directory = directory;
        this.owner = owner;
    }

    Path directory() {
        return directory;
    }

    String owner() {
        return owner;
    }
}
