package io.trainyard.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Finds rows that are in both splits. A row is known by a 64-bit hash of its features; those of the test split stand in a
 * hash table that is a mapped file, so that the heap stays flat. Among fifty million rows two different ones share a hash
 * with a probability of 1 in 15,000.
 */
final class DuplicateRows {

    /** Hashes of rows are never it. */
    private static final long EMPTY = 0;

    private final LongBuffer hashes;
    /** Test rows of each hash that no training row has met yet. */
    private final IntBuffer counts;

    private final int mask;

    private DuplicateRows(LongBuffer hashes, IntBuffer counts) {
        this.hashes = hashes;
        this.counts = counts;
        this.mask = hashes.capacity() - 1;
    }

    /**
     * Rows of the test split whose features the training split has too, to the bit.
     *
     * @param test at most {@link DatasetLimits#MOST_ROWS} rows, so that one mapping holds the table
     * @param folder for a temporary file
     */
    static int count(Rows train, Rows test, Path folder) throws IOException {
        long slots = 4;
        while (3 * slots < 4L * test.count()) {
            slots *= 2;
        }
        Path file = folder.resolve("hashes");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long bytes = slots * Long.BYTES;
            return new DuplicateRows(
                            channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes)
                                    .asLongBuffer(),
                            channel.map(FileChannel.MapMode.READ_WRITE, bytes, slots * Integer.BYTES)
                                    .asIntBuffer())
                    .count(train, test);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private int count(Rows train, Rows test) {
        Hash ofTest = new Hash(test);
        for (int row = 0; row < test.count(); row++) {
            long hash = ofTest.of(row);
            int slot = slot(hash);
            hashes.put(slot, hash);
            counts.put(slot, counts.get(slot) + 1);
        }
        Hash ofTrain = new Hash(train);
        int duplicates = 0;
        for (int row = 0; row < train.count(); row++) {
            int slot = slot(ofTrain.of(row));
            duplicates += counts.get(slot);
            counts.put(slot, 0);
        }
        return duplicates;
    }

    /** Where a hash stands, or would stand. */
    private int slot(long hash) {
        int slot = (int) hash & mask;
        for (long there = hashes.get(slot); there != EMPTY && there != hash; there = hashes.get(slot)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static final class Hash {

        private final Rows rows;
        private final float[] values;
        private final byte[] bytes;

        Hash(Rows rows) {
            this.rows = rows;
            this.values = new float[rows.rawSize()];
            this.bytes = new byte[Float.BYTES * values.length];
        }

        long of(int row) {
            rows.copyRaw(row, values, 0);
            ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
            long hash = MurmurHash3.hash128x64(bytes)[0];
            return hash == EMPTY ? 1 : hash;
        }
    }
}
