package io.trainyard.engine;

import org.jspecify.annotations.Nullable;

/**
 * What of a split is read, and how.
 *
 * @param from the position in the order that it begins at
 * @param batchSize rows in a batch; the last has what is left
 * @param augmenter of each row; null for none
 * @param seed of the augmentation
 */
record Pass(
        RowOrder order, int from, int batchSize, @Nullable Augmenter augmenter, long seed) {

    /** All rows in an order, as they are. */
    static Pass over(RowOrder order, int batchSize) {
        return new Pass(order, 0, batchSize, null, 0);
    }

    int batches() {
        return (int) (((long) order.count() - from + batchSize - 1) / batchSize);
    }

    /** Rows of a batch, which counts from 0. */
    int rows(int batch) {
        return (int) Math.min(batchSize, order.count() - from - (long) batch * batchSize);
    }

    /** The row that comes at a place of a batch. */
    int row(int batch, int place) {
        return order.row(from + batch * batchSize + place);
    }
}
