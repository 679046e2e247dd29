package io.trainyard.training;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One client's stream of Server-Sent Events, which hears of changes and sends its news when its turn comes. */
abstract sealed class LiveStream permits EventStream, ChangeStream {

    private final SseEmitter emitter;
    private final AtomicBoolean stale = new AtomicBoolean();

    LiveStream(SseEmitter emitter) {
        this.emitter = emitter;
    }

    /** Hears that a job has changed; returns whether it was up to date before: then the caller must have news sent. */
    final boolean hear(UUID jobId) {
        return concerns(jobId) && stale.compareAndSet(false, true);
    }

    /** Hears that any job may have changed; returns as {@link #hear} does. */
    final boolean hearOfAny() {
        concernsAll();
        return stale.compareAndSet(false, true);
    }

    /** Sends what has happened since; returns whether the stream has ended. */
    final synchronized boolean sendNews(TrainingJobs jobs) {
        stale.set(false);
        try {
            return send(emitter, jobs);
        } catch (IOException | IllegalStateException clientGone) {
            emitter.completeWithError(clientGone);
            return true;
        }
    }

    /** Keeps proxies from closing a quiet connection, and finds out which clients have gone. */
    final synchronized void keepAlive() {
        try {
            emitter.send(SseEmitter.event().comment("keep-alive"));
        } catch (IOException | IllegalStateException clientGone) {
            emitter.completeWithError(clientGone);
        }
    }

    final void close() {
        emitter.complete();
    }

    abstract boolean concerns(UUID jobId);

    abstract void concernsAll();

    /** Returns whether the stream has ended. */
    abstract boolean send(SseEmitter emitter, TrainingJobs jobs) throws IOException;
}
