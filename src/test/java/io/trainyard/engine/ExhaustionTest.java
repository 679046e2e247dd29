package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.device.Gpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts are those that users of ND4J's CUDA backend have reported. */
class ExhaustionTest {

    private static final Gpu GPU = new Gpu(0, "GPU-a", "NVIDIA A100", "8.0", 1L << 35, "535.104.05");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cudaMalloc failed; Bytes: [1077940224]; Error code [2]; DEVICE [0]",
                "Failed to allocate [4096] bytes from DEVICE [0] memory",
                "execIndexReduce failed; Error code: [2]"
            })
    void aGpuWithoutMemoryIsExhaustedHoweverItIsWrapped(String message) {
        assertThat(Exhaustion.isIn(new IllegalStateException(ofNd4j(message)), GPU))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"execIndexReduce failed; Error code: [77]", "Op [conv2d] execution failed"})
    void otherFailuresAreNone(String message) {
        assertThat(Exhaustion.isIn(ofNd4j(message), GPU)).isFalse();
    }

    /** Or who names a column so would end workers. */
    @Test
    void whatUsersHaveWrittenIsNotTakenForIt() {
        assertThat(Exhaustion.isIn(new RuntimeException("column 'cudaMalloc failed': Error code [2]"), GPU))
                .isFalse();
        assertThat(Exhaustion.isIn(ofNd4j("cudaMalloc failed"), null)).isFalse();
    }

    @Test
    void theMachinesMemoryCountsEverywhere() {
        assertThat(Exhaustion.isIn(
                        new RuntimeException(new OutOfMemoryError("Physical memory usage is too high")), null))
                .isTrue();
    }

    private static RuntimeException ofNd4j(String message) {
        RuntimeException failure = new RuntimeException(message);
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("org.nd4j.jita.memory.CudaMemoryManager", "allocate", "CudaMemoryManager.java", 79)
        });
        return failure;
    }
}
