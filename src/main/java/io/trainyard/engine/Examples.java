package io.trainyard.engine;

/** Encoded rows with their targets, as training reads them. Read by a thread of the engine's own. */
public interface Examples {

    int count();

    /** The class index of a row, or the number that belongs to it. */
    float target(int row);

    /** Writes a row's encoded values into {@code target} from {@code offset} on. */
    void copyFeatures(int row, float[] target, int offset);
}
