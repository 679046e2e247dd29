package io.trainyard.dataset;

/** How much memory the texts of all columns of an upload may take together while they are told apart. */
final class TextBudget {

    private static final long MOST = 64L << 20;
    /** Of an entry in a hash table, beside its characters. */
    private static final int ENTRY = 100;

    private long taken;

    /** Takes room for a text; returns whether there was any. */
    boolean take(String text) {
        taken += ENTRY + 2L * text.length();
        return taken <= MOST;
    }
}
