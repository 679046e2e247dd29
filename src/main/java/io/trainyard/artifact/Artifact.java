package io.trainyard.artifact;

import java.util.regex.Pattern;

/**
 * The address of one stored file.
 *
 * @param sha256 of its bytes, 64 lower-case hexadecimal digits
 * @param bytes its size
 */
public record Artifact(String sha256, long bytes) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Artifact {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256: " + sha256);
        }
    }
}
