package io.trainyard.serving;

import io.trainyard.encoding.Encoding;
import io.trainyard.engine.Engine;
import io.trainyard.engine.InferenceNetwork;
import io.trainyard.model.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** A model version in memory, with the requests that wait for it. */
final class LoadedModel implements AutoCloseable {

    private final ModelVersion version;
    private final MicroBatcher batcher;

    private LoadedModel(ModelVersion version, MicroBatcher batcher) {
        this.version = version;
        this.batcher = batcher;
    }

    /** Loads a version on the thread that will own it, and runs it once, so that the first request finds it warm. */
    static LoadedModel load(ModelVersion version, Path artifact, Engine engine, MicroBatcher.Settings settings) {
        String name = "model-" + version.model() + "-" + version.version();
        try {
            return new LoadedModel(
                    version, MicroBatcher.start(name, settings, () -> network(version, artifact, engine)));
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof IOException io) {
                throw new UncheckedIOException(io);
            }
            if (failure.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw failure;
        }
    }

    private static MicroBatcher.Network network(ModelVersion version, Path artifact, Engine engine) throws IOException {
        Encoding encoding = version.encoding();
        InferenceNetwork network =
                engine.load(artifact, encoding.inputShape(), version.target().answers());
        try {
            network.predict(new float[encoding.rawSize()], 1);
        } catch (RuntimeException | Error unfit) {
            network.close();
            throw unfit;
        }
        return new MicroBatcher.Network() {
            @Override
            public float[] predict(float[] features, int rows) {
                return network.predict(features, rows);
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
