package io.trainyard.training;

import io.trainyard.artifact.Artifact;
import io.trainyard.engine.Position;

/**
 * A checkpoint that another attempt can go on from.
 *
 * @param attempt that wrote it
 * @param file its name among the job's files
 */
record SavedCheckpoint(Position position, int attempt, String file, Artifact artifact) {

    /** The name of the file that an attempt writes at a position; no two attempts share one. */
    static String file(int attempt, Position position) {
        return attempt + "-" + position.epoch() + "-" + position.iteration() + ".checkpoint";
    }
}
