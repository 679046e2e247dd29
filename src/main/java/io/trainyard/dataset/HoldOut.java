package io.trainyard.dataset;

import java.util.SplittableRandom;

/**
 * Chooses, row by row, a share of each class to be held out: the counts are exact, every choice of so many rows is as
 * likely as any other, and nothing is remembered of a row. This is selection sampling (Fan, Muller and Rezucha, 1962;
 * Knuth, volume 2, algorithm 3.4.2S), once for each class.
 */
final class HoldOut {

    private final int[] left;
    private final int[] wanted;
    private final SplittableRandom random;

    /**
     * @param counts the rows of each class; all rows in one where there are no classes
     * @param fraction of the rows of each that is held out; one is left to train with
     */
    HoldOut(int[] counts, double fraction, long seed) {
        this.left = counts.clone();
        this.wanted = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            wanted[i] = (int) Math.min(Math.max(0, counts[i] - 1), Math.round(counts[i] * fraction));
        }
        this.random = new SplittableRandom(seed);
    }

    /** Whether the next row is held out; to be called once for each row, in order. */
    boolean next(int label) {
        boolean chosen = random.nextInt(left[label]) < wanted[label];
        left[label]--;
        if (chosen) {
            wanted[label]--;
        }
        return chosen;
    }
}
