package io.trainyard.engine.metric;

/**
 * How one class was told from the rest.
 *
 * @param hits rows of the class that were taken for it
 * @param predicted rows that were taken for it
 * @param support rows of the class
 */
public record ClassCounts(long hits, long predicted, long support) {

    public double precision() {
        return ratio(hits, predicted);
    }

    public double recall() {
        return ratio(hits, support);
    }

    /** The harmonic mean of precision and recall. */
    public double f1() {
        return ratio(2 * hits, predicted + support);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
