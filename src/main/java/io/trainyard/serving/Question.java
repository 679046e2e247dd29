package io.trainyard.serving;

import io.trainyard.model.VersionChoice;
import io.trainyard.problem.InvalidFieldException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of which version, in any form of request.
 *
 * @param topK how many of the most probable classes to name for each instance; none by default
 * @param timeoutMs after which the request is given up, and not run if it still waits
 */
record Question(
        String model,
        VersionChoice version,
        @Nullable Integer topK,
        @Nullable Integer timeoutMs) {

    Question {
        check(topK, timeoutMs);
    }

    static void check(@Nullable Integer topK, @Nullable Integer timeoutMs) {
        if (topK != null && topK < 1) {
            throw new InvalidFieldException("top_k", "must be at least 1, was " + topK);
        }
        if (timeoutMs != null && timeoutMs < 1) {
            throw new InvalidFieldException("timeout_ms", "must be at least 1, was " + timeoutMs);
        }
    }

    @Nullable
    Duration timeout() {
        return timeoutMs == null ? null : Duration.ofMillis(timeoutMs);
    }
}
