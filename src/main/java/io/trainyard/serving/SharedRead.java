package io.trainyard.serving;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;

/**
 * A read that many want at the same time. Each gets what a read found that began after it had asked; one read serves all
 * that asked before it began, as one fsync does in a group commit. The caller who comes first does it.
 */
final class SharedRead<T> {

    private final Supplier<T> source;
    private final Duration patience;
    private final ReentrantLock turn = new ReentrantLock();
    /** That of the read which has not begun; guarded by this object's monitor. */
    private @Nullable CompletableFuture<T> next;

    /**
     * @param patience for which one waits for the read of another
     */
    SharedRead(Supplier<T> source, Duration patience) {
        this.source = source;
        this.patience = patience;
    }

    /**
     * @throws QueryTimeoutException when a read takes longer than the patience, and for nobody else than the one who does it
     * @throws RuntimeException what the read threw
     */
    T get() {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> joined = join(mine);
        try {
            if (joined == mine) {
                lead(mine);
            }
            return joined.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException("the read failed", failure.getCause());
        } catch (TimeoutException late) {
            throw tooLong();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a read", e);
        }
    }

    private synchronized CompletableFuture<T> join(CompletableFuture<T> mine) {
        if (next == null) {
            next = mine;
        }
        return next;
    }

    private void lead(CompletableFuture<T> mine) throws InterruptedException {
        if (!turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            begin();
            mine.completeExceptionally(tooLong());
            return;
        }
        try {
            begin();
            mine.complete(source.get());
        } catch (RuntimeException | Error failure) {
            mine.completeExceptionally(failure);
        } finally {
            turn.unlock();
        }
    }

    /** From now on others wait for the read after this one. */
    private synchronized void begin() {
        next = null;
    }

    private static QueryTimeoutException tooLong() {
        return new QueryTimeoutException("a read that others wait for takes long");
    }
}
