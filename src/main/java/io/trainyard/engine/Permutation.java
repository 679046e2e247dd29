package io.trainyard.engine;

/**
 * A random order of the numbers from 0 to {@code size} - 1 that needs no memory: a Feistel network over the next power of
 * four, walked on until it comes back into the range.
 */
record Permutation(long seed, int size) {

    /** Fewer prefer some places, by several percent where the size is below ten. */
    private static final int ROUNDS = 8;

    /** The number at an index. */
    int at(int index) {
        int half = half();
        long mask = (1L << half) - 1;
        long value = index;
        do {
            long left = value >>> half;
            long right = value & mask;
            for (int round = 0; round < ROUNDS; round++) {
                long mixed = left ^ (scramble(round, right) & mask);
                left = right;
                right = mixed;
            }
            value = left << half | right;
        } while (value >= size);
        return (int) value;
    }

    /** The index of a number. */
    int indexOf(int number) {
        int half = half();
        long mask = (1L << half) - 1;
        long value = number;
        do {
            long left = value >>> half;
            long right = value & mask;
            for (int round = ROUNDS - 1; round >= 0; round--) {
                long mixed = right ^ (scramble(round, left) & mask);
                right = left;
                left = mixed;
            }
            value = left << half | right;
        } while (value >= size);
        return (int) value;
    }

    private long scramble(int round, long value) {
        return Seeds.of(seed, (long) round << 32 | value);
    }

    /** Half of the bits of the largest number, rounded up; at least 1. */
    private int half() {
        int bits = 32 - Integer.numberOfLeadingZeros(size - 1);
        return Math.max(1, (bits + 1) / 2);
    }
}
