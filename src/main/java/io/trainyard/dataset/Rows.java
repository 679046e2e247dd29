package io.trainyard.dataset;

import io.trainyard.encoding.Encoding;

/** The rows of one split, mapped into memory. Safe for concurrent readers. */
public final class Rows {

    private final Idx features;
    private final Idx labels;
    private final Encoding encoding;

    Rows(Idx features, Idx labels, Encoding encoding) {
        this.features = features;
        this.labels = labels;
        this.encoding = encoding;
    }

    public int count() {
        return labels.rows();
    }

    /** The number of raw values in a row. */
    int rawSize() {
        return features.rowSize();
    }

    /** The class index of a row, counted from 0, or the number that belongs to it. */
    public float target(int row) {
        return labels.value(row);
    }

    /** The raw values of a row, as a client would send them to be predicted. */
    public float[] raw(int row) {
        float[] values = new float[features.rowSize()];
        copyRaw(row, values, 0);
        return values;
    }

    /** Writes the raw values of a row into {@code target} from {@code offset} on. */
    public void copyRaw(int row, float[] target, int offset) {
        features.copyRow(row, target, offset);
    }

    /** Writes the encoded values of a row into {@code target} from {@code offset} on. */
    public void copyEncoded(int row, float[] target, int offset) {
        copyRaw(row, target, offset);
        encoding.encode(target, offset);
    }
}
