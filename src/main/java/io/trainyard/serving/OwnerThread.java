package io.trainyard.serving;

import io.trainyard.engine.InferenceNetwork;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that may use a network, with a bounded queue before it. After a shutdown it answers what waits, then
 * frees the network.
 */
final class OwnerThread extends ThreadPoolExecutor {

    private volatile @Nullable InferenceNetwork network;

    OwnerThread(String name, int maxQueued) {
        super(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxQueued), work -> new Thread(work, name));
    }

    void closeAtEnd(InferenceNetwork owned) {
        network = owned;
    }

    @Override
    protected void terminated() {
        InferenceNetwork owned = network;
        if (owned != null) {
            owned.close();
        }
    }
}
