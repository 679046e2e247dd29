package io.trainyard.engine;

import org.nd4j.linalg.cpu.nativecpu.CpuBackend;

/**
 * ND4J's CPU backend, before any other: ND4J would take a GPU that it finds, in every process, also where it has no code for it.
 * Found by ND4J as a service, once, when its first class is loaded.
 */
public final class CpuFirstBackend extends CpuBackend {

    /** The CUDA backend has 100. */
    private static final int PRIORITY = 200;

    private static volatile boolean aside;

    /** Lets another backend go first. Does nothing once ND4J has been loaded. */
    static void stepAside() {
        aside = true;
    }

    @Override
    public boolean isAvailable() {
        return !aside;
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }
}
