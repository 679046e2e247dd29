package io.trainyard.dataset;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.commons.io.input.BoundedInputStream;

/** An IDX file of unsigned bytes, pictures or labels, that somebody keeps, plain or gzip; checked before a row is read. */
final class IdxFile {

    /** As many classes as a byte can tell apart. */
    static final int MOST_CLASSES = 256;

    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final Idx values;

    private IdxFile(Path path, Idx values) {
        this.path = path;
        this.values = values;
    }

    /**
     * Opens a file, after it was unpacked where it is gzip.
     *
     * @param unpacked where to; it is deleted when that fails
     * @param maxBytes that it may unpack to
     * @throws MalformedIdxException when it is damaged, too large, or not IDX of unsigned bytes
     */
    static IdxFile open(Path file, Path unpacked, long maxBytes) throws IOException {
        boolean packed = isGzip(file);
        if (packed) {
            try {
                unpack(file, unpacked, maxBytes);
            } catch (IOException e) {
                Files.deleteIfExists(unpacked);
                throw e;
            }
        }
        Path plain = packed ? unpacked : file;
        Idx values = Idx.map(plain);
        if (!values.isBytes()) {
            throw new MalformedIdxException("it holds floats; unsigned bytes are needed, type 0x08");
        }
        return new IdxFile(plain, values);
    }

    private static boolean isGzip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(2);
            return magic.length == 2 && (((magic[0] & 0xff) << 8) | (magic[1] & 0xff)) == GzipMembers.MAGIC;
        }
    }

    private static void unpack(Path file, Path unpacked, long maxBytes) throws IOException {
        try (InputStream in = BoundedInputStream.builder()
                        .setInputStream(new GzipMembers(Files.newInputStream(file)))
                        .setMaxCount(maxBytes + 1)
                        .get();
                OutputStream out = Files.newOutputStream(unpacked)) {
            if (in.transferTo(out) > maxBytes) {
                throw new MalformedIdxException("it unpacks to more than " + maxBytes + " bytes");
            }
        } catch (EOFException cutOff) {
            throw new MalformedIdxException("it is gzip, but cut off");
        } catch (ZipException damaged) {
            throw new MalformedIdxException("it is gzip, but " + damaged.getMessage());
        }
    }

    /** The unpacked file. */
    Path path() {
        return path;
    }

    int rows() {
        return values.rows();
    }

    /** The sizes of a row, as the file has them. */
    int[] rowShape() {
        int[] dimensions = values.dimensions();
        return Arrays.copyOfRange(dimensions, 1, dimensions.length);
    }

    /**
     * The shape of a picture: [height, width, channels].
     *
     * @throws MalformedIdxException when it holds none
     */
    List<Integer> pictureShape() throws MalformedIdxException {
        int[] shape = rowShape();
        if (shape.length == 2) {
            return List.of(shape[0], shape[1], 1);
        }
        if (shape.length != 3) {
            throw new MalformedIdxException("it has " + (shape.length + 1)
                    + " dimensions; pictures have [rows, height, width] or [rows, height, width, channels]");
        }
        if (shape[2] != 1 && shape[2] != 3) {
            throw new MalformedIdxException(
                    "its last dimension, channels, is " + shape[2] + "; it must be 1, for grey, or 3, for colour");
        }
        return List.of(shape[0], shape[1], shape[2]);
    }

    /**
     * How many rows have each label.
     *
     * @param classes which labels must be below
     * @throws MalformedIdxException when it holds other labels, or none
     */
    int[] labelCounts(int classes) throws MalformedIdxException {
        int dimensions = values.dimensions().length;
        if (dimensions != 1) {
            throw new MalformedIdxException("it has " + dimensions + " dimensions; labels have one, [rows]");
        }
        int[] counts = new int[classes];
        for (int row = 0; row < rows(); row++) {
            int label = label(row);
            if (label >= classes) {
                throw new MalformedIdxException("the label of row " + row + " is " + label + "; there are " + classes
                        + " classes, so it must be below " + classes);
            }
            counts[label]++;
        }
        return counts;
    }

    int label(int row) {
        return (int) values.value(row);
    }

    /** Takes a picture, whose bytes are overwritten by the next. */
    interface RowReader {
        void row(int row, byte[] picture) throws IOException;
    }

    /** Reads all rows, in order. */
    void read(RowReader reader) throws IOException {
        byte[] picture = new byte[values.rowSize()];
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(Files.newInputStream(path), Math.max(BUFFER, picture.length)))) {
            in.skipNBytes(Integer.BYTES * (1L + values.dimensions().length));
            for (int row = 0; row < rows(); row++) {
                in.readFully(picture);
                reader.row(row, picture);
            }
        }
    }
}
