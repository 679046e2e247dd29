package io.trainyard.serving;

import io.trainyard.encoding.Encoding;
import io.trainyard.engine.Engine;
import io.trainyard.engine.InferenceNetwork;
import io.trainyard.model.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A model version in memory, with the requests that wait for it. */
final class LoadedModel implements AutoCloseable {

    private static final ReentrantLock LOADING = new ReentrantLock();

    private final ModelVersion version;
    private final MicroBatcher batcher;
    private final Instant loadedAt;

    private LoadedModel(ModelVersion version, MicroBatcher batcher, Instant loadedAt) {
        this.version = version;
        this.batcher = batcher;
        this.loadedAt = loadedAt;
    }

    /**
     * Loads a version on the threads that will own its copies, and runs each once, so that the first request finds them warm.
     *
     * @param artifact gives the verified file of its weights
     * @return fails with what {@code artifact} throws, or an IOException
     */
    static CompletableFuture<LoadedModel> load(
            ModelVersion version,
            Supplier<Path> artifact,
            Engine engine,
            MicroBatcher.Settings settings,
            MicroBatcher.Listener listener,
            Supplier<Instant> now) {
        String name = "model-" + version.model() + "-" + version.version();
        return MicroBatcher.start(name, settings, listener, () -> alone(() -> network(version, artifact.get(), engine)))
                .thenApply(batcher -> new LoadedModel(version, batcher, now.get()));
    }

    /** One after another: each takes the most memory while it is loaded. */
    private static MicroBatcher.Network alone(Callable<MicroBatcher.Network> loading) throws Exception {
        LOADING.lock();
        try {
            return loading.call();
        } finally {
            LOADING.unlock();
        }
    }

    private static MicroBatcher.Network network(ModelVersion version, Path artifact, Engine engine) throws IOException {
        Encoding encoding = version.encoding();
        int answers = version.target().answers();
        InferenceNetwork network = engine.load(artifact, encoding.inputShape(), answers);
        try {
            network.predict(new float[encoding.encodedSize()], 1);
        } catch (RuntimeException | Error unfit) {
            network.close();
            throw unfit;
        }
        return new MicroBatcher.Network() {
            @Override
            public float[] predict(float[] features, int rows) {
                float[] values = network.predict(features, rows);
                if (values.length != rows * answers) {
                    // Whose answer is whose could not be told.
                    throw new IllegalStateException(
                            rows + " rows were answered with " + values.length + " numbers, not " + answers + " each");
                }
                return values;
            }

            @Override
            public void close() {
                network.close();
            }
        };
    }

    ModelVersion version() {
        return version;
    }

    Instant loadedAt() {
        return loadedAt;
    }

    /** How its requests are put together at present. */
    BatchPolicy.Figures batching() {
        return batcher.figures();
    }

    /** Requests that wait. */
    int queued() {
        return batcher.queued();
    }

    /**
     * What the version says of encoded rows.
     *
     * @param deadline by {@link System#nanoTime}, after which they are not run any more
     * @throws RejectedExecutionException when the queue is full, or the model was closed
     */
    CompletableFuture<MicroBatcher.Answer> predict(float[] features, int rows, long deadline) {
        return batcher.submit(features, rows, deadline);
    }

    boolean isClosed() {
        return batcher.isClosed();
    }

    /** Takes no more requests; those that wait are answered before the network is freed. */
    @Override
    public void close() {
        batcher.close();
    }
}
