package io.trainyard.artifact;

import java.util.regex.Pattern;

/**
 * A file of the store that is needed.
 *
 * @param owner what needs it, in words
 * @param path below the store's folder
 * @param artifact what the file must hold
 */
public record Reference(String owner, String path, Artifact artifact) {

    private static final Pattern PATH =
            Pattern.compile("[0-9a-f]{2}/[0-9a-f]{64}|checkpoints/[0-9a-f-]{36}/\\w[\\w.-]*");

    public Reference {
        // A backup's manifest may come from anybody.
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("'" + path + "' is no place in an artifact store");
        }
    }
}
