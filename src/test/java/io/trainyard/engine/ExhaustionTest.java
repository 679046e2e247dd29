package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExhaustionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cudaMalloc failed; Bytes: [1077940224]; Error code [2]; DEVICE [0]",
                "Failed to allocate [4096] bytes from DEVICE [0] memory",
                "execIndexReduce failed; Error code: [2]"
            })
    void aGpuWithoutMemoryIsExhaustedHoweverItIsWrapped(String message) {
        assertThat(Exhaustion.isIn(new IllegalStateException(new RuntimeException(message))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"execIndexReduce failed; Error code: [77]", "Op [conv2d] execution failed"})
    void otherFailuresAreNone(String message) {
        assertThat(Exhaustion.isIn(new RuntimeException(message, null))).isFalse();
    }

    @Test
    void theMachinesMemoryCountsToo() {
        assertThat(Exhaustion.isIn(new RuntimeException(new OutOfMemoryError("Physical memory usage is too high"))))
                .isTrue();
    }
}
