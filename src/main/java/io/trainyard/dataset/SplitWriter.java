package io.trainyard.dataset;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Takes the rows of one split, whose number is not known before the last, and stores them. Memory does not grow with the
 * rows: they go to temporary files.
 */
final class SplitWriter implements Closeable {

    private static final int BUFFER = 1 << 18;
    /** More classes than a byte can tell are kept as numbers. */
    private static final int BYTE_CLASSES = 256;

    private final Path featureFile;
    private final Path labelFile;
    private final int[] rowShape;
    private final boolean bytes;
    private final int[] classCounts;
    private final DataOutputStream features;
    private final DataOutputStream labels;
    private final byte[] row;
    private int rows;

    /**
     * @param folder for temporary files
     * @param bytes whether features are unsigned bytes, rather than floats
     * @param classes 0 where labels are numbers
     * @param rowShape of one row
     */
    SplitWriter(Path folder, Split split, boolean bytes, int classes, int... rowShape) throws IOException {
        this.featureFile = folder.resolve(split + ".features");
        this.labelFile = folder.resolve(split + ".labels");
        this.rowShape = rowShape.clone();
        this.bytes = bytes;
        this.classCounts = new int[classes];
        this.features = output(featureFile);
        this.labels = output(labelFile);
        int size = Arrays.stream(rowShape).reduce(1, Math::multiplyExact);
        this.row = new byte[bytes ? size : Math.multiplyExact(Float.BYTES, size)];
    }

    private static DataOutputStream output(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
    }

    /** Takes a row of floats. */
    void add(float[] values, float label) throws IOException {
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            int at = Float.BYTES * i;
            row[at] = (byte) (bits >>> 24);
            row[at + 1] = (byte) (bits >>> 16);
            row[at + 2] = (byte) (bits >>> 8);
            row[at + 3] = (byte) bits;
        }
        add(row, label);
    }

    /** Takes a row of unsigned bytes. */
    void add(byte[] values, float label) throws IOException {
        features.write(values);
        if (classCounts.length > 0) {
            classCounts[(int) label]++;
        }
        if (hasByteLabels()) {
            labels.writeByte((int) label);
        } else {
            labels.writeFloat(label);
        }
        rows++;
    }

    int rows() {
        return rows;
    }

    /** Stores what was taken; no row can be added any more. */
    SplitContent store(SplitStore store) throws IOException {
        close();
        int[] dimensions = new int[rowShape.length + 1];
        dimensions[0] = rows;
        System.arraycopy(rowShape, 0, dimensions, 1, rowShape.length);
        SplitContent content = store.put(
                out -> {
                    Idx.writeHeader(out, bytes, dimensions);
                    Files.copy(featureFile, out);
                },
                out -> {
                    Idx.writeHeader(out, hasByteLabels(), rows);
                    Files.copy(labelFile, out);
                },
                rows,
                Arrays.stream(classCounts).boxed().toList());
        Files.delete(featureFile);
        Files.delete(labelFile);
        return content;
    }

    private boolean hasByteLabels() {
        return classCounts.length > 0 && classCounts.length <= BYTE_CLASSES;
    }

    @Override
    public void close() throws IOException {
        features.close();
        labels.close();
    }
}
