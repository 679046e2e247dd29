package io.trainyard.engine;

import io.trainyard.device.Gpu;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** How a computation says that there was no memory left for it. */
final class Exhaustion {

    /** ND4J's CUDA backend has no exception of its own for it; 2 is {@code cudaErrorMemoryAllocation}. */
    private static final Pattern ON_DEVICE =
            Pattern.compile("cudaMalloc failed|Error code:? \\[2]|Failed to allocate \\[?\\d+]? bytes from DEVICE");

    private Exhaustion() {}

    /**
     * Whether the machine's memory was exhausted, or the GPU's: what else is in the process can no longer be relied on.
     *
     * @param gpu that the process computes on; null for the CPU
     */
    static boolean isIn(Throwable failure, @Nullable Gpu gpu) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .anyMatch(each -> each instanceof OutOfMemoryError
                        || (gpu != null && isOfNd4j(each) && isOnDevice(each.getMessage())));
    }

    /** In the messages of others there may be anything, names of columns among it. */
    private static boolean isOfNd4j(Throwable failure) {
        StackTraceElement[] thrown = failure.getStackTrace();
        return thrown.length > 0 && thrown[0].getClassName().startsWith("org.nd4j.");
    }

    private static boolean isOnDevice(@Nullable String message) {
        return message != null && ON_DEVICE.matcher(message).find();
    }
}
