package io.trainyard.quickstart;

/** Placeholder. */
public final class Quickstart {
    private Quickstart() {}

    public static void main(String[] args) {}
}
