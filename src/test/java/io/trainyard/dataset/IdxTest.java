package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows come out of a file as they were written, however large it is, and a file that lies about its size is refused. The
 * large files are sparse: they take no room on the disk.
 */
class IdxTest {

    private static final long GB = 1L << 30;
    private static final int HEADER_OF_TWO = 12;

    @TempDir
    Path folder;

    @Test
    void bytesAreUnsignedAndLieWhereTheyAreAskedFor() throws IOException {
        byte[] values = {0, 1, 127, (byte) 128, (byte) 255, 7};
        Idx idx = Idx.map(write(out -> Idx.writeBytes(out, values, 2, 3)));
        assertThat(idx.dimensions()).containsExactly(2, 3);
        assertThat(idx.isBytes()).isTrue();
        float[] target = new float[5];
        idx.copyRow(1, target, 2);
        assertThat(target).containsExactly(0, 0, 128, 255, 7);
    }

    @Test
    void floatsAreWhatWasWrittenToTheBit() throws IOException {
        float[] values = {-0.0f, Float.MIN_VALUE, 1e38f, -3.25f};
        Idx idx = Idx.map(write(out -> Idx.writeFloats(out, values, 2, 2)));
        float[] target = new float[4];
        idx.copyRow(0, target, 0);
        idx.copyRow(1, target, 2);
        assertThat(target).containsExactly(values);
        assertThat(Idx.map(write(out -> Idx.writeFloats(out, values, 4))).value(3))
                .isEqualTo(-3.25f);
    }

    @Test
    void rowsBeyondTwoGigabytesAreRead() throws IOException {
        int width = 1000;
        int rows = 2_600_000;
        Path file = sparse(0x08, rows, width);
        // The first and the last value of rows on both sides of 1, 2 and 2.4 GB, where int offsets have long run over.
        List<Integer> marked = List.of(0, 1_048_575, 1_048_576, 2_097_151, 2_097_152, 2_147_483, 2_147_484, rows - 1);
        for (int row : marked) {
            put(file, HEADER_OF_TWO + (long) row * width, (byte) (1 + row % 200));
            put(file, HEADER_OF_TWO + (long) row * width + width - 1, (byte) 255);
        }
        Idx idx = Idx.map(file);
        assertThat(idx.rows()).isEqualTo(rows);
        float[] target = new float[width];
        for (int row : marked) {
            idx.copyRow(row, target, 0);
            assertThat(target[0]).as("first of row %d", row).isEqualTo(1 + row % 200);
            assertThat(target[width - 1]).as("last of row %d", row).isEqualTo(255);
            assertThat(target[width / 2]).isZero();
        }
        idx.copyRow(1, target, 0);
        assertThat(target).containsOnly(0);
    }

    @Test
    void floatsAndLabelsBeyondTwoGigabytesAreRead() throws IOException {
        int rows = 700_000_000;
        Path file = sparse(0x0D, rows);
        put(file, 8 + 4L * (rows - 1), ByteBuffer.allocate(4).putFloat(2.5f).array());
        put(file, 8 + 4L * 268_435_456, ByteBuffer.allocate(4).putFloat(1.5f).array());
        Idx idx = Idx.map(file);
        assertThat(idx.value(rows - 1)).isEqualTo(2.5f);
        assertThat(idx.value(268_435_456)).isEqualTo(1.5f);
        assertThat(idx.value(268_435_455)).isZero();
    }

    @Test
    void aRowMayBeLargerThanASegment() throws IOException {
        int width = 1_500_000_000;
        Path file = sparse(0x08, 2, width);
        put(file, HEADER_OF_TWO + 2L * width - 1, (byte) 9);
        Idx idx = Idx.map(file);
        assertThat(idx.rowSize()).isEqualTo(width);
        assertThat(idx.rows()).isEqualTo(2);
    }

    @Test
    void severalReadersDoNotDisturbEachOther() throws IOException {
        byte[] values = new byte[1000 * 50];
        new SplittableRandom(1).nextBytes(values);
        Idx idx = Idx.map(write(out -> Idx.writeBytes(out, values, 1000, 50)));
        boolean right = IntStream.range(0, 100_000).parallel().allMatch(i -> {
            float[] target = new float[50];
            idx.copyRow(i % 1000, target, 0);
            return IntStream.range(0, 50).allMatch(j -> target[j] == (values[i % 1000 * 50 + j] & 0xff));
        });
        assertThat(right).isTrue();
    }

    /**
     * A worker's memory is limited by JavaCPP, by what the system says of the process. Pages of mapped files are not
     * counted, so that a split may be larger than what a worker may take.
     */
    @Test
    void whatIsReadOfAMappedFileCountsNotAsMemoryOfTheProcess() throws IOException {
        int width = 1 << 20;
        Idx idx = Idx.map(sparse(0x08, 2100, width));
        float[] target = new float[width];
        long before = Pointer.physicalBytes();
        for (int row = 0; row < idx.rows(); row++) {
            idx.copyRow(row, target, 0);
        }
        assertThat(Pointer.physicalBytes() - before).isLessThan(GB / 2);
    }

    @Test
    void aFileOfAnotherSizeThanItsDimensionsSayIsRefused() throws IOException {
        for (long difference : new long[] {-1, 1, GB, 4 * GB}) {
            Path file = sparse(0x08, 1000, 1000);
            long size = Files.size(file) + difference;
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(size);
            }
            assertThatThrownBy(() -> Idx.map(file))
                    .isInstanceOf(MalformedIdxException.class)
                    .hasMessage("its dimensions [1000, 1000] say 1000000 bytes of values, but it has "
                            + (size - HEADER_OF_TWO));
        }
    }

    /** Products that are right again after an overflow must not pass: 2^16 · 2^16 · 2^16 · 2^16 is 0 in 64 bits. */
    @Test
    void dimensionsWhoseProductOverflowsAreRefused() throws IOException {
        assertThatThrownBy(() -> Idx.map(header(0x08, 1 << 16, 1 << 16, 1 << 16, 1 << 16)))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessageContaining("bytes a row");
        assertThatThrownBy(() -> Idx.map(header(0x0D, 1, 1 << 29)))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessageContaining("bytes a row");
        assertThatThrownBy(() -> Idx.map(header(0x08, Integer.MAX_VALUE, Integer.MAX_VALUE)))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessageContaining("say 4611686014132420609 bytes of values, but it has 0");
        assertThatThrownBy(() -> Idx.map(header(0x08, 5, -1)))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessage("dimension 1 is -1");
    }

    @Test
    void whatIsNotIdxIsRefused() throws IOException {
        assertThatThrownBy(() -> Idx.map(write(out -> out.write(new byte[7]))))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessage("it has only 7 bytes");
        assertThatThrownBy(() -> Idx.map(write(out -> out.write(new byte[] {0, 0, 8, 5, 0, 0, 0, 1}))))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessage("it begins with 0x00000805, which is not IDX of bytes or floats");
        assertThatThrownBy(() -> Idx.map(write(out -> out.write(new byte[] {0, 0, 8, 3, 0, 0, 0, 1}))))
                .isInstanceOf(MalformedIdxException.class)
                .hasMessage("it ends within its header");
    }

    @FunctionalInterface
    private interface Writer {
        void write(OutputStream out) throws IOException;
    }

    private Path write(Writer writer) throws IOException {
        Path file = Files.createTempFile(folder, "small", ".idx");
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.write(out);
        }
        return file;
    }

    private Path header(int type, int... dimensions) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * dimensions.length).putInt(type << 8 | dimensions.length);
        for (int dimension : dimensions) {
            header.putInt(dimension);
        }
        return write(out -> out.write(header.array()));
    }

    /** A file whose values are all 0. */
    private Path sparse(int type, int... dimensions) throws IOException {
        Path file = header(type, dimensions);
        long values = type == 0x0D ? Float.BYTES : 1;
        for (int dimension : dimensions) {
            values *= dimension;
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(access.length() + values);
        }
        return file;
    }

    private static void put(Path file, long at, byte... values) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            access.write(values);
        }
    }
}
