package io.trainyard.engine;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * In which order a pass reads the rows of a split: each exactly once. What comes at a position follows from the position
 * alone, so that a pass can begin anywhere; safe for concurrent readers.
 */
sealed interface RowOrder {

    /** Rows in the pass. */
    int count();

    /** The row at a position, which counts from 0. */
    int row(int position);

    /**
     * An order that follows from a seed and the number of rows.
     *
     * @param buffer the most rows that are mixed with each other; null for all, whose order is held in memory
     */
    static RowOrder shuffled(long seed, int count, @Nullable Integer buffer) {
        return buffer == null || buffer >= count ? Listed.shuffled(seed, count) : new InBlocks(seed, count, buffer);
    }

    /** As they lie in the split. */
    record Stored(int count) implements RowOrder {

        @Override
        public int row(int position) {
            return position;
        }
    }

    /** As they are listed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Listed(int[] rows) implements RowOrder {

        /** Any order is as likely as any other. The same in every release: checkpoints count on it. */
        static Listed shuffled(long seed, int count) {
            int[] rows = new int[count];
            for (int i = 0; i < count; i++) {
                rows[i] = i;
            }
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = count - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = rows[i];
                rows[i] = rows[j];
                rows[j] = swapped;
            }
            return new Listed(rows);
        }

        @Override
        public int count() {
            return rows.length;
        }

        @Override
        public int row(int position) {
            return rows[position];
        }
    }

    /**
     * Contiguous rows are blocks. The blocks come in random order, as many at a time as the buffer holds, and the rows of
     * these are mixed. So a disk reads whole blocks, and rows from all over the split still meet. Blocks have about as many
     * rows as there are blocks in the buffer; nothing is held in memory.
     */
    final class InBlocks implements RowOrder {

        private final int count;
        private final long seed;
        private final int blockRows;
        /** Blocks that are mixed with each other. */
        private final int windowBlocks;

        private final Permutation blocks;
        /** By how many rows the last block of the split is shorter than the others. */
        private final int gap;
        /** Where it comes in the order of the blocks. */
        private final int shortBlock;

        InBlocks(long seed, int count, int buffer) {
            this.count = count;
            this.seed = seed;
            this.blockRows = (int) Math.ceil(Math.sqrt(buffer));
            this.windowBlocks = Math.max(1, buffer / blockRows);
            this.blocks = new Permutation(seed, (int) (((long) count + blockRows - 1) / blockRows));
            this.gap = (int) ((long) blocks.size() * blockRows - count);
            this.shortBlock = blocks.indexOf(blocks.size() - 1);
        }

        @Override
        public int count() {
            return count;
        }

        int blockRows() {
            return blockRows;
        }

        int windowBlocks() {
            return windowBlocks;
        }

        @Override
        public int row(int position) {
            // As if the short block were as long as the others, first among windows, then within one.
            long windowRows = (long) windowBlocks * blockRows;
            int shortWindow = shortBlock / windowBlocks;
            int before = position < (shortWindow + 1) * windowRows - gap ? 0 : gap;
            int window = (int) ((position + (long) before) / windowRows);
            long start = window * windowRows - before;
            long end = Math.min(count, start + windowRows - (window == shortWindow ? gap : 0));
            int within = new Permutation(Seeds.of(seed, window), (int) (end - start)).at((int) (position - start));
            boolean pastShort = window == shortWindow && within >= (shortBlock % windowBlocks + 1L) * blockRows - gap;
            long slot = within + (pastShort ? gap : 0L);
            int block = blocks.at(window * windowBlocks + (int) (slot / blockRows));
            return (int) ((long) block * blockRows + slot % blockRows);
        }
    }
}
