package io.trainyard.modelimport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Leaves a trace when it is initialised, as a class that does harm would. The test's own process initialises it when it asks
 * for the trace's place, and deletes the trace.
 */
public final class Trap {

    static final Path TRACE = Path.of(System.getProperty("java.io.tmpdir"), "trainyard-trap-was-loaded");

    static {
        try {
            Files.writeString(TRACE, "loaded");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
