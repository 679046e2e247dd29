package io.trainyard.training;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.engine.Device;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A worker process.
 *
 * @param jobId the job that it runs now
 * @param seenAt when it last said that it is alive
 */
public record WorkerView(
        UUID id,
        String host,
        @Schema(example = "4711") long pid,
        State state,
        @Nullable UUID jobId,
        Device device,
        Instant startedAt,
        Instant seenAt) {

    /** Whether a worker has a job. */
    public enum State {
        IDLE,
        BUSY
    }
}
