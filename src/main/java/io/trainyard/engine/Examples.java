package io.trainyard.engine;

/** Encoded, labelled rows, as training reads them. */
public interface Examples {

    int count();

    int classes();

    /** The class index of a row. */
    int label(int row);

    /** Writes a row's encoded values into {@code target} from {@code offset} on. */
    void copyFeatures(int row, float[] target, int offset);
}
