package io.trainyard.serving;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A read that many want at the same time. Each gets what a read found that began after it had asked; one read serves all
 * that asked before it began, as one fsync does in a group commit. The caller who comes first does it.
 */
final class SharedRead<T> {

    private final Supplier<T> source;
    private final ReentrantLock turn = new ReentrantLock();
    /** That of the read which has not begun; guarded by this object's monitor. */
    private @Nullable CompletableFuture<T> next;

    SharedRead(Supplier<T> source) {
        this.source = source;
    }

    /**
     * @throws RuntimeException what the read threw
     */
    T get() {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> joined = join(mine);
        if (joined == mine) {
            lead(mine);
        }
        try {
            return joined.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw failure;
        }
    }

    private synchronized CompletableFuture<T> join(CompletableFuture<T> mine) {
        if (next == null) {
            next = mine;
        }
        return next;
    }

    private void lead(CompletableFuture<T> mine) {
        turn.lock();
        try {
            synchronized (this) {
                next = null;
            }
            mine.complete(source.get());
        } catch (RuntimeException | Error failure) {
            mine.completeExceptionally(failure);
        } finally {
            turn.unlock();
        }
    }
}
