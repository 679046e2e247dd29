package io.trainyard.engine;

import io.trainyard.network.layer.Shape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes batches on a thread of its own while the network works on the one before: reads rows, encodes and augments them.
 * The batches come in order, and what is random in a row depends on the seed, the epoch and the row alone.
 */
final class InputPipeline implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(InputPipeline.class);
    /** Batches that are made ahead of the one in use. */
    private static final int AHEAD = 2;

    private final Shape rowShape;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "input-pipeline"));
    /** Arrays of batches that are not in use, by their number of rows. */
    private final Map<Integer, Deque<Batch>> free = new HashMap<>();

    InputPipeline(Shape rowShape) {
        this.rowShape = rowShape;
    }

    /** Works on a batch; the arrays are another batch's afterwards. */
    @FunctionalInterface
    interface BatchConsumer {
        /**
         * @param index of the batch, from 0
         * @return whether to go on with the next
         */
        boolean accept(int index, Batch batch);
    }

    /**
     * Runs through rows in batches.
     *
     * @return for how long batches were waited for
     */
    Duration forEach(Examples examples, Pass pass, BatchConsumer consumer) {
        int batches = pass.batches();
        Deque<Future<Batch>> ahead = new ArrayDeque<>();
        int asked = 0;
        boolean goOn = true;
        long waited = 0;
        try {
            for (int i = 0; i < batches && goOn; i++) {
                for (; asked < batches && asked <= i + AHEAD; asked++) {
                    ahead.add(fill(examples, pass, asked));
                }
                long begun = System.nanoTime();
                Batch batch = await(ahead.remove());
                waited += System.nanoTime() - begun;
                goOn = consumer.accept(i, batch);
                free(batch);
            }
        } finally {
            ahead.forEach(this::discard);
        }
        return Duration.ofNanos(waited);
    }

    private Future<Batch> fill(Examples examples, Pass pass, int index) {
        int rows = pass.rows(index);
        Deque<Batch> unused = free.computeIfAbsent(rows, size -> new ArrayDeque<>());
        Batch batch = unused.isEmpty() ? new Batch(rowShape.batch(rows)) : unused.pop();
        Augmenter augmenter = pass.augmenter();
        return thread.submit(() -> {
            for (int i = 0; i < rows; i++) {
                int row = pass.row(index, i);
                batch.read(i, examples, row);
                if (augmenter != null) {
                    batch.change(i, augmenter, new SplittableRandom(Seeds.of(pass.seed(), row)));
                }
            }
            batch.flush();
            return batch;
        });
    }

    /** Waits until a batch that nobody wants is made, so that its arrays and rows are no longer in use. */
    private void discard(Future<Batch> unwanted) {
        try {
            free(await(unwanted));
        } catch (RuntimeException failed) {
            // Of a row that was never reached; it must not hide what ended the pass.
            log.debug("a batch that was made ahead failed", failed);
        }
    }

    private void free(Batch batch) {
        free.computeIfAbsent(batch.rows(), size -> new ArrayDeque<>()).push(batch);
    }

    private static Batch await(Future<Batch> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    // The thread still writes into the arrays; what interrupts is seen after the batch.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException("rows could not be read", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        free.clear();
    }
}
