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
 * <p>The file is mapped, not read, in segments of whole rows; it may be larger than the memory. Dimensions are checked
 * against the file's size before anything is mapped or allocated.
 */
final class Idx {

    private static final int UNSIGNED_BYTE = 0x08;
    private static final int FLOAT = 0x0D;
    private static final int MAX_DIMENSIONS = 4;
    private static final int MAX_HEADER = 4 + 4 * MAX_DIMENSIONS;
    /** Of a mapping, unless a single row is larger; Java's buffers end at 2 GB. */
    private static final int SEGMENT_BYTES = 1 << 30;

    private final int[] dimensions;
    private final boolean bytes;
    private final int rowSize;
    /** Each segment but the last has 2 to the power of this rows. */
    private final int segmentShift;

    private final ByteBuffer[] segments;
    private final FloatBuffer[] floats;

    private Idx(int[] dimensions, boolean bytes, int rowSize, int segmentShift, ByteBuffer[] segments) {
        this.dimensions = dimensions;
        this.bytes = bytes;
        this.rowSize = rowSize;
        this.segmentShift = segmentShift;
        this.segments = segments;
        this.floats = Arrays.stream(segments).map(ByteBuffer::asFloatBuffer).toArray(FloatBuffer[]::new);
    }

    /**
     * Maps an uncompressed IDX file.
     *
     * @throws MalformedIdxException when the file is not IDX, its size is not what its dimensions say, or a row has more
     *     than {@link Integer#MAX_VALUE} bytes
     */
    static Idx map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw new MalformedIdxException("it has only " + size + " bytes");
            }
            ByteBuffer header = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, MAX_HEADER));
            int magic = header.getInt();
            int type = magic >> 8 & 0xff;
            int rank = magic & 0xff;
            if (magic >>> 16 != 0 || (type != UNSIGNED_BYTE && type != FLOAT) || rank < 1 || rank > MAX_DIMENSIONS) {
                throw new MalformedIdxException(
                        String.format("it begins with 0x%08x, which is not IDX of bytes or floats", magic));
            }
            long start = 4L + 4L * rank;
            if (size < start) {
                throw new MalformedIdxException("it ends within its header");
            }
            int[] dimensions = new int[rank];
            for (int i = 0; i < rank; i++) {
                dimensions[i] = header.getInt();
                if (dimensions[i] < 1) {
                    throw new MalformedIdxException("dimension " + i + " is " + dimensions[i]);
                }
            }
            boolean bytes = type == UNSIGNED_BYTE;
            int rowBytes = rowBytes(dimensions, bytes ? 1 : Float.BYTES);
            long expected = (long) dimensions[0] * rowBytes;
            if (size - start != expected) {
                throw new MalformedIdxException("its dimensions " + Arrays.toString(dimensions) + " say " + expected
                        + " bytes of values, but it has " + (size - start));
            }
            // A power of two, so that a row's segment is found by a shift.
            int shift = 31 - Integer.numberOfLeadingZeros(Math.max(1, SEGMENT_BYTES / rowBytes));
            ByteBuffer[] segments = segments(channel, start, expected, (long) rowBytes << shift);
            return new Idx(dimensions, bytes, bytes ? rowBytes : rowBytes / Float.BYTES, shift, segments);
        }
    }

    private static int rowBytes(int[] dimensions, int width) throws MalformedIdxException {
        long bytes = width;
        for (int i = 1; i < dimensions.length; i++) {
            bytes *= dimensions[i];
            if (bytes > Integer.MAX_VALUE) {
                throw new MalformedIdxException("its dimensions " + Arrays.toString(dimensions) + " say more than "
                        + Integer.MAX_VALUE + " bytes a row");
            }
        }
        return (int) bytes;
    }

    private static ByteBuffer[] segments(FileChannel channel, long start, long size, long segmentBytes)
            throws IOException {
        ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((size + segmentBytes - 1) / segmentBytes)];
        for (int i = 0; i < segments.length; i++) {
            long from = i * segmentBytes;
            segments[i] = channel.map(FileChannel.MapMode.READ_ONLY, start + from, Math.min(segmentBytes, size - from));
        }
        return segments;
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
        return rowSize;
    }

    /** Whether values are unsigned bytes. */
    boolean isBytes() {
        return bytes;
    }

    /** Copies a row's values into {@code target} from {@code offset} on. Safe for concurrent readers. */
    void copyRow(int row, float[] target, int offset) {
        int start = startOf(row);
        if (bytes) {
            // One by one is twice as fast as through an array.
            ByteBuffer values = segments[row >>> segmentShift];
            for (int i = 0; i < rowSize; i++) {
                target[offset + i] = values.get(start + i) & 0xff;
            }
        } else {
            floats[row >>> segmentShift].get(start, target, offset, rowSize);
        }
    }

    /** Where a row begins in its segment, in values. */
    private int startOf(int row) {
        return (row & (1 << segmentShift) - 1) * rowSize;
    }

    /** The single value of a row of a one-dimensional array. */
    float value(int row) {
        int segment = row >>> segmentShift;
        int start = startOf(row);
        return bytes ? segments[segment].get(start) & 0xff : floats[segment].get(start);
    }
}
