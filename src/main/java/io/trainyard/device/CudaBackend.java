package io.trainyard.device;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** ND4J's CUDA backend: whether it is in this jar, and for which GPUs it has code. */
final class CudaBackend {

    /**
     * Those that libnd4jcuda.so of nd4j-cuda-11.6 1.0.0-M2.1 holds machine code of, by its fat binaries' headers. It holds no PTX,
     * from which a driver could make code for later generations.
     */
    private static final ComputeCapability[] COMPILED = Stream.of(
                    "3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6")
            .map(text -> ComputeCapability.of(text).orElseThrow())
            .toArray(ComputeCapability[]::new);

    private CudaBackend() {}

    static boolean isInJar() {
        return CudaBackend.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    static boolean hasCodeFor(Gpu gpu) {
        return ComputeCapability.of(gpu.computeCapability())
                .filter(device -> Arrays.stream(COMPILED).anyMatch(device::runsCodeOf))
                .isPresent();
    }

    static String generations() {
        return Arrays.stream(COMPILED).map(ComputeCapability::toString).collect(Collectors.joining(", "));
    }
}
