package io.trainyard.engine;

import io.trainyard.network.Shape;
import java.util.HashMap;
import java.util.Map;

/** The arrays for batches of one network: one set for each size that occurs, usually the full one and the last. */
final class Batches {

    private final Shape rowShape;
    private final int classes;
    private final Map<Integer, Batch> bySize = new HashMap<>();

    Batches(Shape rowShape, int classes) {
        this.rowShape = rowShape;
        this.classes = classes;
    }

    /** Rows {@code start} to {@code start + size} of {@code order}; valid until the next call. */
    Batch take(Examples examples, int[] order, int start, int size) {
        Batch batch = bySize.computeIfAbsent(size, this::allocate);
        batch.fill(examples, order, start);
        return batch;
    }

    private Batch allocate(int size) {
        return new Batch(rowShape.batch(size), classes);
    }
}
