package io.trainyard.observability;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is looked up when somebody asks, at most once in a while, and that nobody waits long for: what it comes from may
 * hang. There is one look-up at a time, on a thread of its own.
 *
 * @param <T> the value
 */
final class Fresh<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final Duration maxAge;
    private final Supplier<T> look;
    private @Nullable CompletableFuture<T> latest;
    private long begunNanos;

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

    /** The value; empty when it cannot be looked up, or not at once. */
    Optional<T> get() {
        try {
            return Optional.of(current().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException unknown) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized CompletableFuture<T> current() {
        CompletableFuture<T> known = latest;
        if (known != null && (!known.isDone() || System.nanoTime() - begunNanos < maxAge.toNanos())) {
            return known;
        }
        CompletableFuture<T> begun = new CompletableFuture<>();
        latest = begun;
        begunNanos = System.nanoTime();
        Thread thread = new Thread(() -> complete(begun), name);
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    private void complete(CompletableFuture<T> begun) {
        try {
            begun.complete(look.get());
        } catch (RuntimeException | Error failure) {
            begun.completeExceptionally(failure);
        }
    }
}
