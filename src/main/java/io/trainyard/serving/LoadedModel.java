package io.trainyard.serving;

import io.trainyard.encoding.Encoding;
import io.trainyard.engine.Engine;
import io.trainyard.engine.InferenceNetwork;
import io.trainyard.model.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * A model version in memory. Its network belongs to one thread: DL4J mixes up the answers of concurrent calls. Requests
 * wait in a bounded queue.
 */
final class LoadedModel implements AutoCloseable {

    private static final int MAX_BATCH = 256;

    private final ModelVersion version;
    private final OwnerThread owner;
    private final InferenceNetwork network;

    private LoadedModel(ModelVersion version, OwnerThread owner, InferenceNetwork network) {
        this.version = version;
        this.owner = owner;
        this.network = network;
    }

    /** Loads a version on the thread that will own it, and runs it once, so that the first request finds it warm. */
    static LoadedModel load(ModelVersion version, Path artifact, Engine engine, int maxQueued)
            throws IOException, InterruptedException {
        String name = "model-" + version.model() + "-" + version.version();
        OwnerThread owner = new OwnerThread(name, maxQueued);
        try {
            InferenceNetwork network = await(owner.submit(() -> {
                Encoding encoding = version.encoding();
                InferenceNetwork loaded = engine.load(
                        artifact, encoding.inputShape(), version.target().answers());
                loaded.predict(new float[encoding.rawSize()], 1);
                return loaded;
            }));
            owner.closeAtEnd(network);
            return new LoadedModel(version, owner, network);
        } catch (IOException | RuntimeException | InterruptedException e) {
            owner.shutdownNow();
            throw e;
        }
    }

    ModelVersion version() {
        return version;
    }

    /**
     * What the version says of encoded rows.
     *
     * @throws RejectedExecutionException when the queue is full, or the model was closed
     */
    Answer predict(float[] features, int rows) throws InterruptedException {
        long asked = System.nanoTime();
        Callable<Answer> task = () -> {
            long begun = System.nanoTime();
            int rowSize = features.length / rows;
            int answers = version.target().answers();
            float[] values = new float[rows * answers];
            long computed = 0;
            for (int start = 0; start < rows; start += MAX_BATCH) {
                int size = Math.min(MAX_BATCH, rows - start);
                float[] batch = new float[size * rowSize];
                System.arraycopy(features, start * rowSize, batch, 0, batch.length);
                long before = System.nanoTime();
                float[] answer = network.predict(batch, size);
                computed += System.nanoTime() - before;
                System.arraycopy(answer, 0, values, start * answers, answer.length);
            }
            long total = System.nanoTime() - begun;
            return new Answer(values, begun - asked, total - computed, computed, Math.min(rows, MAX_BATCH));
        };
        try {
            return await(owner.submit(task));
        } catch (IOException e) {
            throw new IllegalStateException("a network does no I/O", e);
        }
    }

    /**
     * Probabilities or numbers, [rows × answers], and where the time went, in nanoseconds.
     */
    record Answer(float[] values, long queueNanos, long batchNanos, long computeNanos, int batchSize) {}

    boolean isClosed() {
        return owner.isShutdown();
    }

    /** Takes no more requests; those that wait are answered before the network is freed. */
    @Override
    public void close() {
        owner.shutdown();
    }

    private static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException("the network failed", e.getCause());
        }
    }
}
