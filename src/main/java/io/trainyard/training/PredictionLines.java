package io.trainyard.training;

import java.io.IOException;
import java.io.Writer;

/** How predictions are written, line by line. Nothing is kept between them, so that a file can be gone on with. */
interface PredictionLines {

    /** Writes what comes before the first row. */
    void begin(Writer out) throws IOException;

    /**
     * Writes a row.
     *
     * @param row its index in the split, from 0 on
     * @param label what the dataset says of it: a class, or a number
     * @param answers holds a probability for each class, or a number, from {@code offset} on
     */
    void write(Writer out, int row, Object label, float[] answers, int offset) throws IOException;
}
