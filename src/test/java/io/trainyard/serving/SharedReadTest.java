package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

/** Nobody gets what was read before he asked, and one read serves many. */
class SharedReadTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void oneReadServesAllThatWaitForIt() {
        AtomicInteger reads = new AtomicInteger();
        Semaphore begun = new Semaphore(0);
        Semaphore permits = new Semaphore(0);
        SharedRead<Integer> shared = new SharedRead<>(
                () -> {
                    int read = reads.incrementAndGet();
                    begun.release();
                    permits.acquireUninterruptibly();
                    return read;
                },
                LONG);
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(shared::get, threads);
        begun.acquireUninterruptibly();
        AtomicInteger asked = new AtomicInteger();
        List<CompletableFuture<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(CompletableFuture.supplyAsync(
                    () -> {
                        asked.incrementAndGet();
                        return shared.get();
                    },
                    threads));
        }
        Awaitility.await().until(() -> asked.get() == 20);
        permits.release(100);
        assertThat(first.join()).isEqualTo(1);
        assertThat(others).allSatisfy(other -> assertThat(other.join()).isGreaterThan(1));
        assertThat(reads.get()).isLessThan(21);
    }

    @Test
    void whatWasWrittenBeforeIsRead() throws Exception {
        AtomicLong written = new AtomicLong();
        SharedRead<Long> shared = new SharedRead<>(written::get, LONG);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 20_000; i++) {
                            long mine = written.incrementAndGet();
                            assertThat(shared.get()).isGreaterThanOrEqualTo(mine);
                        }
                    },
                    threads));
        }
        clients.forEach(CompletableFuture::join);
    }

    @Test
    void failureIsThatOfItsReadAlone() {
        AtomicInteger reads = new AtomicInteger();
        SharedRead<Integer> shared = new SharedRead<>(
                () -> {
                    if (reads.incrementAndGet() == 1) {
                        throw new IllegalStateException("away");
                    }
                    return 7;
                },
                LONG);
        assertThatThrownBy(shared::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("away");
        assertThat(shared.get()).isEqualTo(7);
    }

    @Test
    void readThatHangsHoldsNobodyElse() {
        Semaphore begun = new Semaphore(0);
        Semaphore permits = new Semaphore(0);
        SharedRead<Integer> shared = new SharedRead<>(
                () -> {
                    begun.release();
                    permits.acquireUninterruptibly();
                    return 7;
                },
                Duration.ofMillis(50));
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(shared::get, threads);
        begun.acquireUninterruptibly();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(shared::get).isInstanceOf(QueryTimeoutException.class);
        }
        permits.release(2);
        assertThat(first.join()).isEqualTo(7);
        assertThat(shared.get()).isEqualTo(7);
    }
}
