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

    /**
     * @param giveUp whether to throw instead
     */
    DatabaseRetry(BooleanSupplier giveUp) {
        this.giveUp = giveUp;
    }

    void run(Runnable write) {
        call(() -> {
            write.run();
            return true;
        });
    }

    <T> T call(Supplier<T> write) {
        while (true) {
            try {
                return write.get();
            } catch (RuntimeException failure) {
                if (!DatabaseAway.is(failure) || giveUp.getAsBoolean()) {
                    throw failure;
                }
                log.warn("PostgreSQL is away, trying again: {}", failure.getMessage());
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
