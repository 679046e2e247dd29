package org.nd4j.nativeblas;

/**
 * Stands where DL4J 1.0.0-M2.1 looks for its native bindings: {@code BaseMKLDNNHelper} asks, by reflection,
 * {@code Nd4jCpu$Environment} of this package whether oneDNN is there, but the class has moved to another package. Without
 * an answer DL4J falls back to convolutions seven times slower, and says nothing.
 */
public final class Nd4jCpu {

    private Nd4jCpu() {}

    /** What DL4J asks. */
    public static final class Environment {

        private static final Environment INSTANCE = new Environment();

        private Environment() {}

        public static Environment getInstance() {
            return INSTANCE;
        }

        /** Whether the native library that is loaded was built with oneDNN. */
        public boolean isUseMKLDNN() {
            return NativeOpsHolder.getInstance()
                    .getDeviceNativeOps()
                    .buildInfo()
                    .contains("HAVE_ONEDNN");
        }
    }
}
