package io.trainyard.engine;

import java.util.concurrent.CyclicBarrier;

/** A program that comes to native code on two threads at once: one asks for its memory, the other loads a network. */
final class FirstUse {

    private FirstUse() {}

    public static void main(String[] arguments) throws Exception {
        Engine engine = new Engine();
        CyclicBarrier together = new CyclicBarrier(2);
        Thread meters = new Thread(() -> {
            await(together);
            engine.memory();
        });
        meters.start();
        await(together);
        // What ND4J comes to first.
        Class.forName("org.bytedeco.javacpp.Loader");
        meters.join();
    }

    private static void await(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
