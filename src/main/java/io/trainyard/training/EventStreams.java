package io.trainyard.training;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The open streams of live events. What they send is read from the job's rows, so nothing is lost between them. */
@Component
@Profile("api")
class EventStreams implements DisposableBean {

    private static final int MOST = 1000;
    private static final Duration FULL_RETRY = Duration.ofSeconds(10);

    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    /** A thread for each stream that is sending. */
    private final ExecutorService pumps = Executors.newCachedThreadPool(work -> new Thread(work, "job-events"));

    private final TrainingJobs jobs;
    private volatile boolean closed;

    EventStreams(TrainingJobs jobs, MeterRegistry meters) {
        this.jobs = jobs;
        Gauge.builder("trainyard.event.streams", streams, Set::size)
                .description("Open streams of live events")
                .register(meters);
    }

    /**
     * Opens a stream of a job's events.
     *
     * @param lastEventId after which to go on; null to begin with the first event
     */
    SseEmitter open(UUID jobId, @Nullable String lastEventId) {
        jobs.get(jobId);
        SseEmitter emitter = new SseEmitter(0L);
        return open(emitter, new EventStream(jobId, EventCursor.parse(lastEventId), emitter));
    }

    /** Opens a stream of which jobs have changed; its first event says that any may have. */
    SseEmitter open() {
        SseEmitter emitter = new SseEmitter(0L);
        return open(emitter, new ChangeStream(emitter));
    }

    private SseEmitter open(SseEmitter emitter, LiveStream stream) {
        if (streams.size() >= MOST) {
            throw new ProblemException(
                    ProblemType.CAPACITY_EXCEEDED,
                    "There are " + MOST + " open streams of events already.",
                    List.of(),
                    FULL_RETRY,
                    null);
        }
        Runnable forget = () -> streams.remove(stream);
        emitter.onCompletion(forget);
        emitter.onTimeout(forget);
        emitter.onError(error -> forget.run());
        streams.add(stream);
        if (closed) {
            stream.close();
        }
        if (stream.hearOfAny()) {
            pump(stream);
        }
        return emitter;
    }

    void wake(UUID jobId) {
        streams.stream().filter(stream -> stream.hear(jobId)).forEach(this::pump);
    }

    void wakeAll() {
        streams.stream().filter(LiveStream::hearOfAny).forEach(this::pump);
    }

    void keepAlive() {
        streams.stream().filter(LiveStream::keepAlive).forEach(this::pump);
    }

    void closeAll() {
        closed = true;
        streams.forEach(LiveStream::close);
    }

    @Override
    public void destroy() {
        pumps.shutdownNow();
    }

    private void pump(LiveStream stream) {
        pumps.execute(() -> {
            if (stream.sendNews(jobs)) {
                streams.remove(stream);
            }
        });
    }
}
