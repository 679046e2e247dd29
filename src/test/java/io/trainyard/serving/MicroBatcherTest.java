package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests are put together, each gets its own answers, and what cannot be answered in time says so. */
class MicroBatcherTest {

    private static final Duration NO_DELAY = Duration.ZERO;

    private final Doubling network = new Doubling();
    private final List<MicroBatcher> started = new ArrayList<>();

    /** Doubles each value; each batch needs a permit. */
    private static final class Doubling implements MicroBatcher.Network {

        private final Semaphore permits = new Semaphore(0);
        private final Semaphore begun = new Semaphore(0);
        private final List<Integer> batches = new CopyOnWriteArrayList<>();
        private final List<Thread> threads = new CopyOnWriteArrayList<>();
        private final CountDownLatch freed = new CountDownLatch(1);
        private final AtomicBoolean fails = new AtomicBoolean();
        private final AtomicBoolean error = new AtomicBoolean();

        @Override
        public float[] predict(float[] features, int rows) {
            begun.release();
            permits.acquireUninterruptibly();
            threads.add(Thread.currentThread());
            batches.add(rows);
            if (error.get()) {
                throw new OutOfMemoryError("a test's");
            }
            if (fails.get()) {
                throw new IllegalStateException("broken");
            }
            float[] doubled = features.clone();
            for (int i = 0; i < doubled.length; i++) {
                doubled[i] *= 2;
            }
            return doubled;
        }

        @Override
        public void close() {
            threads.add(Thread.currentThread());
            freed.countDown();
        }
    }

    private MicroBatcher batcher(int maxBatchSize, Duration maxDelay, int maxQueued) {
        MicroBatcher batcher = MicroBatcher.start(
                        "test",
                        new MicroBatcher.Settings(new FixedBatching(maxBatchSize, maxDelay), maxQueued, 1),
                        rows -> {},
                        () -> network)
                .join();
        started.add(batcher);
        return batcher;
    }

    @AfterEach
    void close() throws InterruptedException {
        network.permits.release(1_000_000);
        started.forEach(MicroBatcher::close);
        if (!started.isEmpty()) {
            network.freed.await();
        }
    }

    @Test
    void whatComesInWhileABatchIsComputedMakesTheNext() {
        MicroBatcher batcher = batcher(4, NO_DELAY, 100);
        CompletableFuture<MicroBatcher.Answer> first = submit(batcher, 1);
        network.begun.acquireUninterruptibly();
        List<CompletableFuture<MicroBatcher.Answer>> rest =
                IntStream.rangeClosed(2, 7).mapToObj(i -> submit(batcher, i)).toList();
        network.permits.release(10);
        assertThat(first.join().values()).containsExactly(2);
        for (int i = 0; i < rest.size(); i++) {
            assertThat(rest.get(i).join().values()).containsExactly(2 * (i + 2));
        }
        assertThat(network.batches).containsExactly(1, 4, 2);
        assertThat(rest.get(0).join().batchSize()).isEqualTo(4);
    }

    @Test
    void requestsOfSeveralRowsAreNotTornApart() {
        MicroBatcher batcher = batcher(4, NO_DELAY, 100);
        CompletableFuture<MicroBatcher.Answer> first = submit(batcher, 1);
        network.begun.acquireUninterruptibly();
        CompletableFuture<MicroBatcher.Answer> three = submit(batcher, 1, 2, 3);
        CompletableFuture<MicroBatcher.Answer> two = submit(batcher, 4, 5);
        CompletableFuture<MicroBatcher.Answer> nine = submit(batcher, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        network.permits.release(100);
        assertThat(first.join().values()).containsExactly(2);
        assertThat(three.join().values()).containsExactly(2, 4, 6);
        assertThat(two.join().values()).containsExactly(8, 10);
        assertThat(nine.join().values()).containsExactly(2, 4, 6, 8, 10, 12, 14, 16, 18);
        assertThat(network.batches).containsExactly(1, 3, 2, 4, 4, 1);
    }

    @Test
    void aFullBatchDoesNotWaitForTheDelay() {
        MicroBatcher batcher = batcher(2, Duration.ofDays(1), 100);
        network.permits.release(100);
        CompletableFuture<MicroBatcher.Answer> first = submit(batcher, 1);
        CompletableFuture<MicroBatcher.Answer> second = submit(batcher, 2);
        assertThat(first.join().values()).containsExactly(2);
        assertThat(second.join().values()).containsExactly(4);
        assertThat(network.batches).containsExactly(2);
    }

    @Test
    void whatWaitsForTheDelayIsAnsweredWhenItIsClosed() throws InterruptedException {
        MicroBatcher batcher = batcher(100, Duration.ofDays(1), 100);
        network.permits.release(100);
        CompletableFuture<MicroBatcher.Answer> waiting = submit(batcher, 3);
        batcher.close();
        assertThat(waiting.join().values()).containsExactly(6);
        network.freed.await();
        assertThatThrownBy(() -> submit(batcher, 1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void expiredRequestNeverReachesTheModel() {
        MicroBatcher batcher = batcher(10, NO_DELAY, 100);
        CompletableFuture<MicroBatcher.Answer> first = submit(batcher, 1);
        network.begun.acquireUninterruptibly();
        CompletableFuture<MicroBatcher.Answer> expired = batcher.submit(new float[] {2}, 1, System.nanoTime());
        CompletableFuture<MicroBatcher.Answer> mate = submit(batcher, 3);
        network.permits.release(100);
        assertThat(first.join().values()).containsExactly(2);
        assertThat(mate.join().values()).containsExactly(6);
        assertThatThrownBy(expired::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.type())
                        .isEqualTo(ProblemType.DEADLINE_EXCEEDED));
        assertThat(network.batches).containsExactly(1, 1);
    }

    @Test
    void pastItsCapacityItRefusesAndGoesOn() {
        MicroBatcher batcher = batcher(1, NO_DELAY, 3);
        CompletableFuture<MicroBatcher.Answer> first = submit(batcher, 1);
        network.begun.acquireUninterruptibly();
        List<CompletableFuture<MicroBatcher.Answer>> waiting =
                IntStream.range(0, 3).mapToObj(i -> submit(batcher, i)).toList();
        assertThatThrownBy(() -> submit(batcher, 1)).isInstanceOf(RejectedExecutionException.class);
        assertThat(batcher.isClosed()).isFalse();
        network.permits.release(100);
        first.join();
        waiting.forEach(CompletableFuture::join);
        assertThat(submit(batcher, 5).join().values()).containsExactly(10);
    }

    @Test
    void aBatchThatFailsIsToldAndTheNextIsRun() {
        MicroBatcher batcher = batcher(1, NO_DELAY, 3);
        network.permits.release(100);
        network.fails.set(true);
        CompletableFuture<MicroBatcher.Answer> failed = submit(batcher, 1);
        assertThatThrownBy(failed::join).hasRootCauseMessage("broken");
        network.fails.set(false);
        assertThat(submit(batcher, 5).join().values()).containsExactly(10);
    }

    @Test
    void anErrorEndsItAndNothingWaitsForEver() throws InterruptedException {
        MicroBatcher batcher = batcher(1, NO_DELAY, 10);
        network.error.set(true);
        CompletableFuture<MicroBatcher.Answer> first = submit(batcher, 1);
        network.begun.acquireUninterruptibly();
        CompletableFuture<MicroBatcher.Answer> waiting = submit(batcher, 2);
        network.permits.release(100);
        assertThatThrownBy(first::join).hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(OutOfMemoryError.class);
        network.freed.await();
        assertThat(batcher.isClosed()).isTrue();
    }

    @Test
    void oneThreadMakesRunsAndFreesTheNetwork() throws InterruptedException {
        List<Thread> makers = new ArrayList<>();
        MicroBatcher batcher = MicroBatcher.start(
                        "one", new MicroBatcher.Settings(new FixedBatching(2, NO_DELAY), 1000, 1), rows -> {}, () -> {
                            makers.add(Thread.currentThread());
                            return network;
                        })
                .join();
        network.permits.release(1000);
        List<CompletableFuture<MicroBatcher.Answer>> answers = IntStream.range(0, 500)
                .parallel()
                .mapToObj(i -> submit(batcher, i))
                .toList();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join().values()).containsExactly(2 * i);
        }
        batcher.close();
        network.freed.await();
        assertThat(network.threads).containsOnly(makers.get(0));
    }

    @Test
    void networkThatCannotBeMadeIsToldAtTheStart() {
        assertThatThrownBy(() -> MicroBatcher.start(
                                "none",
                                new MicroBatcher.Settings(new FixedBatching(1, NO_DELAY), 1, 1),
                                rows -> {},
                                () -> {
                                    throw new IllegalStateException("no such file");
                                })
                        .join())
                .hasRootCauseMessage("no such file");
    }

    @Test
    void replicasAnswerSideBySide() {
        MicroBatcher batcher = MicroBatcher.start(
                        "replicas",
                        new MicroBatcher.Settings(new FixedBatching(1, NO_DELAY), 1000, 3),
                        rows -> {},
                        () -> network)
                .join();
        List<CompletableFuture<MicroBatcher.Answer>> answers =
                IntStream.range(0, 300).mapToObj(i -> submit(batcher, i)).toList();
        // All three are within the network at once.
        network.begun.acquireUninterruptibly(3);
        network.permits.release(300);
        for (int i = 0; i < 300; i++) {
            assertThat(answers.get(i).join().values()).containsExactly(2 * i);
        }
        assertThat(network.threads.stream().distinct()).hasSize(3);
        batcher.close();
    }

    @Test
    void closedReplicasAnswerWhatWaits() throws InterruptedException {
        MicroBatcher batcher = MicroBatcher.start(
                        "closing",
                        new MicroBatcher.Settings(new FixedBatching(1, NO_DELAY), 1000, 2),
                        rows -> {},
                        () -> network)
                .join();
        List<CompletableFuture<MicroBatcher.Answer>> answers =
                IntStream.range(0, 10).mapToObj(i -> submit(batcher, i)).toList();
        batcher.close();
        network.permits.release(10);
        answers.forEach(CompletableFuture::join);
        network.freed.await();
    }

    private static CompletableFuture<MicroBatcher.Answer> submit(MicroBatcher batcher, float... values) {
        return batcher.submit(
                values, values.length, System.nanoTime() + Duration.ofDays(1).toNanos());
    }
}
