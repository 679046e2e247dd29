package io.trainyard.engine;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The first few of many in an order, in memory for no more than these. */
final class Worst<T> {

    private static final int LIMIT = 100;

    private final Comparator<T> worstFirst;
    private final PriorityQueue<T> kept;

    /**
     * @param worstFirst an order without ties
     */
    Worst(Comparator<T> worstFirst) {
        this.worstFirst = worstFirst;
        this.kept = new PriorityQueue<>(LIMIT + 1, worstFirst.reversed());
    }

    void add(T candidate) {
        kept.add(candidate);
        if (kept.size() > LIMIT) {
            kept.remove();
        }
    }

    /** The worst first. */
    List<T> list() {
        return kept.stream().sorted(worstFirst).toList();
    }
}
