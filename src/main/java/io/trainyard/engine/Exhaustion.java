package io.trainyard.engine;

import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** How a computation says that there was no memory left for it. */
public final class Exhaustion {

    /** ND4J's CUDA backend has no exception of its own for it; 2 is {@code cudaErrorMemoryAllocation}. */
    private static final Pattern ON_DEVICE =
            Pattern.compile("cudaMalloc failed|Error code:? \\[2]|Failed to allocate \\[?\\d+]? bytes from DEVICE");

    private Exhaustion() {}

    /** Whether the machine's memory was exhausted, or the GPU's: what else is in the process can no longer be relied on. */
    public static boolean isIn(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .anyMatch(each -> each instanceof OutOfMemoryError || isOnDevice(each.getMessage()));
    }

    private static boolean isOnDevice(@Nullable String message) {
        return message != null && ON_DEVICE.matcher(message).find();
    }
}
