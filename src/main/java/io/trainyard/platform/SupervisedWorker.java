package io.trainyard.platform;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one worker process running: starts it again when it ends, later each time it ends soon. */
final class SupervisedWorker {

    private static final Logger log = LoggerFactory.getLogger(SupervisedWorker.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    private final WorkerSlot slot;
    private final WorkerCommand command;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Process process;

    SupervisedWorker(WorkerSlot slot, WorkerCommand command) {
        this.slot = slot;
        this.command = command;
        this.thread = new Thread(this::supervise, "worker-supervisor-" + slot.number());
    }

    void start() {
        thread.start();
    }

    void requestStop() {
        stopping.countDown();
        Process running = process;
        if (running != null) {
            running.destroy();
        }
    }

    /** Waits until the process has given its job back and ended; ends it by force when it takes too long. */
    void awaitStop() {
        try {
            thread.join(STOP_WAIT.toMillis());
            Process running = process;
            if (running != null && running.isAlive()) {
                log.warn("worker {} does not stop and is killed", slot.number());
                running.destroyForcibly();
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        Duration delay = FIRST_DELAY;
        while (stopping.getCount() > 0) {
            long begun = System.nanoTime();
            runOnce();
            boolean wasHealthy = System.nanoTime() - begun > HEALTHY_AFTER.toNanos();
            delay = wasHealthy ? FIRST_DELAY : delay;
            if (stopping.getCount() > 0) {
                log.warn("worker {} is started again in {} s", slot.number(), delay.toSeconds());
                if (await(delay)) {
                    return;
                }
                Duration doubled = delay.multipliedBy(2);
                delay = doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
            }
        }
    }

    private void runOnce() {
        try {
            Process started = command.start(slot);
            process = started;
            if (stopping.getCount() == 0) {
                started.destroy();
            }
            log.info("worker {} is process {}", slot.number(), started.pid());
            int status = started.waitFor();
            if (stopping.getCount() > 0) {
                log.warn("worker {}, process {}, ended with status {}", slot.number(), started.pid(), status);
            }
        } catch (IOException e) {
            log.error("worker {} could not be started", slot.number(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }

    /** Returns whether the worker is to stop. */
    private boolean await(Duration delay) {
        try {
            return stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
