package io.trainyard.observability;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is looked up when somebody asks, at most once in a while, and that nobody waits long for: what it comes from may
 * hang. There is one look-up at a time, on a thread of its own.
 *
 * @param <T> the value
 */
final class Fresh<T> {

    private static final Logger log = LoggerFactory.getLogger(Fresh.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A look-up, and when it began. */
    private record Look<T>(CompletableFuture<T> value, long begunNanos) {

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - begunNanos);
        }
    }

    private final String name;
    private final Duration maxAge;
    private final Supplier<T> look;
    private @Nullable Look<T> latest;

    /**
     * @param name of the threads
     * @param maxAge after which a value is looked up anew
     * @param look gives the value, or throws when there is none
     */
    Fresh(String name, Duration maxAge, Supplier<T> look) {
        this.name = name;
        this.maxAge = maxAge;
        this.look = look;
    }

    /** The value; empty when it cannot be looked up, or not in time: all who ask wait for the same second. */
    Optional<T> get() {
        Look<T> current = current();
        long patience = Math.max(0, PATIENCE.minus(current.age()).toNanos());
        try {
            return Optional.of(current.value().get(patience, TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException unknown) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized Look<T> current() {
        Look<T> known = latest;
        if (known != null && (!known.value().isDone() || known.age().compareTo(maxAge) < 0)) {
            return known;
        }
        Look<T> begun = new Look<>(new CompletableFuture<>(), System.nanoTime());
        latest = begun;
        Thread thread = new Thread(() -> complete(begun.value()), name);
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    private void complete(CompletableFuture<T> begun) {
        try {
            begun.complete(look.get());
        } catch (RuntimeException | Error failure) {
            log.debug("{}: nothing is known", name, failure);
            begun.completeExceptionally(failure);
        }
    }
}
