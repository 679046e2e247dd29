package io.trainyard.dataset;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * An array in the IDX format of the MNIST database: two zero bytes, a type, the number of dimensions, each size as a
 * big-endian 32-bit integer, then the values in row-major order, big-endian.
 *
 * <p>The file is mapped, not read. Dimensions are checked against the file's size before anything is allocated.
 */
final class Idx {

    private static final int UNSIGNED_BYTE = 0x08;
    private static final int FLOAT = 0x0D;
    private static final int MAX_DIMENSIONS = 4;

    private final int[] dimensions;
    private final boolean bytes;
    private final ByteBuffer values;
    private final FloatBuffer floats;

    private Idx(int[] dimensions, boolean bytes, ByteBuffer values) {
        this.dimensions = dimensions;
        this.bytes = bytes;
        this.values = values;
        this.floats = values.asFloatBuffer();
    }

    /**
     * Maps an uncompressed IDX file.
     *
     * @throws MalformedIdxException when the file is not IDX, or its size is not what its dimensions say
     */
    static Idx map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw new MalformedIdxException("it has only " + size + " bytes");
            }
            if (size > Integer.MAX_VALUE) {
                throw new MalformedIdxException(
                        "it has " + size + " bytes; at most " + Integer.MAX_VALUE + " are read");
            }
            ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            int magic = all.getInt();
            int type = magic >> 8 & 0xff;
            int rank = magic & 0xff;
            if (magic >>> 16 != 0 || (type != UNSIGNED_BYTE && type != FLOAT) || rank < 1 || rank > MAX_DIMENSIONS) {
                throw new MalformedIdxException(
                        String.format("it begins with 0x%08x, which is not IDX of bytes or floats", magic));
            }
            if (size < 4L + 4L * rank) {
                throw new MalformedIdxException("it ends within its header");
            }
            int[] dimensions = new int[rank];
            int width = type == FLOAT ? Float.BYTES : 1;
            long expected = width;
            for (int i = 0; i < rank; i++) {
                dimensions[i] = all.getInt();
                if (dimensions[i] < 1) {
                    throw new MalformedIdxException("dimension " + i + " is " + dimensions[i]);
                }
                expected *= dimensions[i];
                if (expected > Integer.MAX_VALUE) {
                    throw new MalformedIdxException("its dimensions " + Arrays.toString(dimensions) + " say more than "
                            + Integer.MAX_VALUE + " bytes");
                }
            }
            if (all.remaining() != expected) {
                throw new MalformedIdxException("its dimensions " + Arrays.toString(dimensions) + " say " + expected
                        + " bytes of values, but it has " + all.remaining());
            }
            return new Idx(dimensions, type == UNSIGNED_BYTE, all.slice());
        }
    }

    static void writeBytes(OutputStream out, byte[] values, int... dimensions) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        writeHeader(data, UNSIGNED_BYTE, dimensions);
        data.write(values);
        data.flush();
    }

    static void writeFloats(OutputStream out, float[] values, int... dimensions) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        writeHeader(data, FLOAT, dimensions);
        for (float value : values) {
            data.writeFloat(value);
        }
        data.flush();
    }

    /** Writes what stands before the values. */
    static void writeHeader(OutputStream out, boolean bytes, int... dimensions) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        writeHeader(data, bytes ? UNSIGNED_BYTE : FLOAT, dimensions);
        data.flush();
    }

    private static void writeHeader(DataOutputStream out, int type, int... dimensions) throws IOException {
        out.writeInt(type << 8 | dimensions.length);
        for (int dimension : dimensions) {
            out.writeInt(dimension);
        }
    }

    /** The sizes; the first is the number of rows. */
    int[] dimensions() {
        return dimensions.clone();
    }

    int rows() {
        return dimensions[0];
    }

    /** The number of values in a row. */
    int rowSize() {
        return Arrays.stream(dimensions).skip(1).reduce(1, (a, b) -> a * b);
    }

    /** Whether values are unsigned bytes. */
    boolean isBytes() {
        return bytes;
    }

    /** Copies a row's values into {@code target} from {@code offset} on. Safe for concurrent readers. */
    void copyRow(int row, float[] target, int offset) {
        int size = rowSize();
        int start = row * size;
        if (bytes) {
            for (int i = 0; i < size; i++) {
                target[offset + i] = values.get(start + i) & 0xff;
            }
        } else {
            floats.get(start, target, offset, size);
        }
    }

    /** The single value of a row of a one-dimensional array. */
    float value(int row) {
        return bytes ? values.get(row) & 0xff : floats.get(row);
    }
}
