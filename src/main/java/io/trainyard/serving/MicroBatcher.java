package io.trainyard.serving;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The requests for one version, run in batches by the threads that own a copy of its network each: DL4J mixes up concurrent calls. What has
 * come in while a batch was computed makes the next one, so that batches grow with the load and an idle network answers at
 * once; its {@link BatchPolicy} says how large they may become, and whether to wait for more. The queue is bounded, and a request
 * whose time has run out is never run.
 */
final class MicroBatcher implements AutoCloseable {

    /**
     * How requests are put together.
     *
     * @param policy of this batcher alone
     * @param maxQueued requests that may wait
     * @param replicas threads, and copies of the network
     */
    record Settings(BatchPolicy policy, int maxQueued, int replicas) {}

    /** Hears of each batch, on the thread that has computed it. */
    @FunctionalInterface
    interface Listener {
        void computed(int rows);
    }

    /** A network that belongs to the thread which made it. */
    interface Network extends AutoCloseable {

        /** Rows in row-major order to answers likewise. */
        float[] predict(float[] features, int rows);

        @Override
        void close();
    }

    /**
     * Answers of a request, [rows × answers], and where the time went, in nanoseconds.
     *
     * @param batchSize rows that went through the network together
     */
    record Answer(float[] values, long queueNanos, long batchNanos, long computeNanos, int batchSize) {}

    private record Request(float[] features, int rows, long arrived, long deadline, CompletableFuture<Answer> answer) {

        boolean isExpired(long now) {
            return now - deadline >= 0;
        }
    }

    /**
     * Requests that are run together.
     *
     * @param full whether there were more, for which there was no room
     */
    private record Batch(List<Request> requests, boolean full) {

        int rows() {
            return requests.stream().mapToInt(Request::rows).sum();
        }
    }

    private final Settings settings;
    private final BatchPolicy policy;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Request> waiting = new ArrayDeque<>();
    private int waitingRows;

    private boolean closed;

    private MicroBatcher(Settings settings, Listener listener) {
        this.settings = settings;
        this.policy = settings.policy();
        this.listener = listener;
    }

    /**
     * Starts the threads and has each make its network.
     *
     * @return completes when all are made; fails as the first that fails
     */
    static CompletableFuture<MicroBatcher> start(
            String name, Settings settings, Listener listener, Callable<Network> network) {
        MicroBatcher batcher = new MicroBatcher(settings, listener);
        CompletableFuture<MicroBatcher> started = new CompletableFuture<>();
        AtomicInteger missing = new AtomicInteger(settings.replicas());
        Runnable made = () -> {
            if (missing.decrementAndGet() == 0) {
                started.complete(batcher);
            }
        };
        for (int i = 1; i <= settings.replicas(); i++) {
            new Thread(() -> batcher.own(network, made, started::completeExceptionally), name + "-" + i).start();
        }
        return started;
    }

    /**
     * Has rows predicted.
     *
     * @param deadline by {@link System#nanoTime}, after which the request is not run any more
     * @return fails with a ProblemException, DEADLINE_EXCEEDED
     * @throws RejectedExecutionException when the queue is full, or this is closed
     */
    CompletableFuture<Answer> submit(float[] features, int rows, long deadline) {
        Request request = new Request(features, rows, System.nanoTime(), deadline, new CompletableFuture<>());
        lock.lock();
        try {
            if (closed || waiting.size() >= settings.maxQueued()) {
                throw new RejectedExecutionException();
            }
            waiting.add(request);
            waitingRows += rows;
            // To look at each row as it comes would cost a thread that waits for more of them as much as to answer
            // them.
            if (waiting.size() == 1 || waitingRows >= policy.enoughRows()) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        return request.answer();
    }

    /** Requests that wait. */
    int queued() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** What its policy has come to. */
    BatchPolicy.Figures figures() {
        lock.lock();
        try {
            return policy.figures();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more requests; those that wait are answered before the network is freed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void own(Callable<Network> maker, Runnable made, Consumer<Throwable> failed) {
        try (Network network = maker.call()) {
            made.run();
            for (Batch batch = next(); !batch.requests().isEmpty(); batch = next()) {
                answer(network, batch);
            }
        } catch (Exception | Error failure) {
            abandon(failure);
            failed.accept(failure);
        }
    }

    /** Waits for the next batch; it is empty when this is closed and all is answered. */
    private Batch next() throws InterruptedException {
        List<Request> batch = new ArrayList<>();
        long free = System.nanoTime();
        lock.lock();
        try {
            while (!closed) {
                if (waiting.isEmpty()) {
                    changed.await();
                    continue;
                }
                long patience = policy.patience(waiting.element().arrived(), free, System.nanoTime());
                if (waitingRows >= policy.enoughRows() || patience <= 0) {
                    break;
                }
                changed.awaitNanos(patience);
            }
            int rows = 0;
            while (!waiting.isEmpty()
                    && (batch.isEmpty() || rows + waiting.element().rows() <= policy.maxRows())) {
                Request request = waiting.remove();
                waitingRows -= request.rows();
                rows += request.rows();
                batch.add(request);
            }
            if (!waiting.isEmpty()) {
                changed.signal();
            }
            return new Batch(batch, !waiting.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    private void answer(Network network, Batch taken) {
        long begun = System.nanoTime();
        List<Request> batch = new ArrayList<>();
        for (Request request : taken.requests()) {
            if (request.isExpired(begun)) {
                request.answer().completeExceptionally(expired());
            } else {
                batch.add(request);
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            run(network, new Batch(batch, taken.full()), begun);
        } catch (RuntimeException | Error failure) {
            batch.forEach(request -> request.answer().completeExceptionally(failure));
            if (failure instanceof Error error) {
                throw error;
            }
        }
    }

    private void run(Network network, Batch batch, long begun) {
        int rows = batch.rows();
        Request first = batch.requests().get(0);
        int rowSize = first.features().length / first.rows();
        float[] features = new float[Math.multiplyExact(rows, rowSize)];
        int copied = 0;
        for (Request request : batch.requests()) {
            System.arraycopy(request.features(), 0, features, copied, request.features().length);
            copied += request.features().length;
        }
        float[] values = new float[0];
        long computed = 0;
        int largest = 0;
        int start = 0;
        // More than once only where a single request is larger than a batch.
        while (start < rows) {
            int size = Math.min(maxRows(), rows - start);
            float[] part =
                    size == rows ? features : Arrays.copyOfRange(features, start * rowSize, (start + size) * rowSize);
            long before = System.nanoTime();
            float[] answers = network.predict(part, size);
            long nanos = System.nanoTime() - before;
            computed(size, batch.full() || start + size < rows, nanos);
            computed += nanos;
            int perRow = answers.length / size;
            if (values.length == 0) {
                values = new float[rows * perRow];
            }
            System.arraycopy(answers, 0, values, start * perRow, answers.length);
            largest = Math.max(largest, size);
            start += size;
        }
        long batched = System.nanoTime() - begun - computed;
        int answersPerRow = values.length / rows;
        int given = 0;
        for (Request request : batch.requests()) {
            int length = request.rows() * answersPerRow;
            float[] own = Arrays.copyOfRange(values, given, given + length);
            given += length;
            request.answer().complete(new Answer(own, begun - request.arrived(), batched, computed, largest));
        }
        answered(batch, System.nanoTime());
    }

    private int maxRows() {
        lock.lock();
        try {
            return policy.maxRows();
        } finally {
            lock.unlock();
        }
    }

    private void computed(int rows, boolean full, long nanos) {
        lock.lock();
        try {
            policy.computed(rows, full, nanos, waitingRows);
        } finally {
            lock.unlock();
        }
        listener.computed(rows);
    }

    private void answered(Batch batch, long now) {
        lock.lock();
        try {
            batch.requests().forEach(request -> policy.answered(now - request.arrived()));
        } finally {
            lock.unlock();
        }
    }

    private static ProblemException expired() {
        return new ProblemException(
                ProblemType.DEADLINE_EXCEEDED, "The request's time ran out while it waited; it was not run.");
    }

    /** The thread ends: nobody would answer what waits. */
    private void abandon(Throwable failure) {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            waiting.forEach(request -> request.answer().completeExceptionally(failure));
            waiting.clear();
            waitingRows = 0;
        } finally {
            lock.unlock();
        }
    }
}
