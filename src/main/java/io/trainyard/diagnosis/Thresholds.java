package io.trainyard.diagnosis;

/** Limits that several rules share. */
final class Thresholds {

    /** A share by which a loss must fall in the most recent sixth of the epochs to count as improving: 5%, below which a curve looks flat. */
    static final double IMPROVES = 0.05;

    /** Fewer epochs have no trend. */
    static final int FEW_EPOCHS = 5;

    private Thresholds() {}
}
