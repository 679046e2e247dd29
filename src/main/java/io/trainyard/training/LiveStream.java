package io.trainyard.training;

import io.trainyard.access.Actor;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One client's stream of Server-Sent Events. It is called when there may be news; one thread at a time sends them, so that a
 * client that reads slowly holds up nobody else.
 */
abstract sealed class LiveStream permits EventStream, ChangeStream {

    private final SseEmitter emitter;
    private final Actor actor;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean keepAlive = new AtomicBoolean();

    LiveStream(SseEmitter emitter, Actor actor) {
        this.emitter = emitter;
        this.actor = actor;
    }

    /** Who reads it. */
    final Actor actor() {
        return actor;
    }

    /** Hears that a job has changed; returns whether the caller must have {@link #sendNews} called. */
    final boolean hear(UUID jobId) {
        return concerns(jobId) && call();
    }

    /** Hears that any job may have changed; returns as {@link #hear} does. */
    final boolean hearOfAny() {
        concernsAll();
        return call();
    }

    /**
     * Something is to be sent even where there are no news: it keeps proxies from closing a quiet connection, and finds out
     * which clients have gone. Returns as {@link #hear} does.
     */
    final boolean keepAlive() {
        keepAlive.set(true);
        return call();
    }

    private boolean call() {
        return calls.getAndIncrement() == 0;
    }

    /** Sends what has happened since, until nobody has called meanwhile; returns whether the stream has ended. */
    final boolean sendNews(TrainingJobs jobs) {
        int answered;
        do {
            answered = calls.get();
            try {
                if (keepAlive.compareAndSet(true, false)) {
                    emitter.send(SseEmitter.event().comment("keep-alive"));
                }
                if (send(emitter, jobs)) {
                    return true;
                }
            } catch (IOException | IllegalStateException clientGone) {
                // The container hears of it as well, and ends the request; nobody else may then.
                return true;
            }
        } while (calls.addAndGet(-answered) > 0);
        return false;
    }

    final void close() {
        try {
            emitter.complete();
        } catch (IllegalStateException clientGone) {
            // Just now, and the container ends the request.
            return;
        }
    }

    abstract boolean concerns(UUID jobId);

    abstract void concernsAll();

    /** Returns whether the stream has ended. */
    abstract boolean send(SseEmitter emitter, TrainingJobs jobs) throws IOException;
}
