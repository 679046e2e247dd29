package io.trainyard.training;

import io.trainyard.problem.DatabaseAway;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again while PostgreSQL is away: what was trained must not be lost to a restart of it. Meanwhile the run does
 * nothing, so that a worker that cannot know whether its lease still holds does no work.
 */
final class DatabaseRetry {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(DatabaseRetry.class);

    private final BooleanSupplier giveUp;
    private long waitedNanos;

    /**
     * @param giveUp whether to throw instead
     */
    DatabaseRetry(BooleanSupplier giveUp) {
        this.giveUp = giveUp;
    }

    /** For how long PostgreSQL was waited for so far. */
    long waitedNanos() {
        return waitedNanos;
    }

    void run(Runnable write) {
        call(() -> {
            write.run();
            return true;
        });
    }

    <T> T call(Supplier<T> write) {
        long begun = System.nanoTime();
        boolean waited = false;
        while (true) {
            try {
                T written = write.get();
                if (waited) {
                    waitedNanos += System.nanoTime() - begun;
                }
                return written;
            } catch (RuntimeException failure) {
                if (!DatabaseAway.is(failure) || giveUp.getAsBoolean()) {
                    throw failure;
                }
                log.warn("PostgreSQL is away, trying again: {}", failure.getMessage());
                waited = true;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
