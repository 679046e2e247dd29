package io.trainyard.engine;

import java.util.SplittableRandom;

/** Seeds for the parts of what one seed determines: epochs, their batches, their rows. */
final class Seeds {

    /** That of {@link SplittableRandom}. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** A seed that has nothing in common with those of other parts. */
    static long of(long seed, long part) {
        // Drawn, not taken: generators whose seeds are the gamma apart give the same numbers, shifted by one.
        return new SplittableRandom(seed + GOLDEN_GAMMA * (part + 1)).nextLong();
    }
}
