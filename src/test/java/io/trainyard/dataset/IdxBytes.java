package io.trainyard.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** IDX files for tests. */
final class IdxBytes {

    private IdxBytes() {}

    /** A file of unsigned bytes. */
    static byte[] of(byte[] values, int... dimensions) {
        return of(0x08, values, dimensions);
    }

    static byte[] of(int type, byte[] values, int... dimensions) {
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
        file.putInt((type << 8) | dimensions.length);
        for (int dimension : dimensions) {
            file.putInt(dimension);
        }
        return file.put(values).array();
    }

    /** Pictures of chance, the same at each call. */
    static byte[] pictures(int... dimensions) {
        int size = 1;
        for (int dimension : dimensions) {
            size *= dimension;
        }
        byte[] values = new byte[size];
        new Random(size).nextBytes(values);
        return of(values, dimensions);
    }

    /** Labels 0, 1… in turn. */
    static byte[] labels(int rows, int classes) {
        byte[] labels = new byte[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = (byte) (row % classes);
        }
        return of(labels, rows);
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
