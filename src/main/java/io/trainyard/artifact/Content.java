package io.trainyard.artifact;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a file's bytes. */
@FunctionalInterface
public interface Content {

    void writeTo(OutputStream out) throws IOException;
}
