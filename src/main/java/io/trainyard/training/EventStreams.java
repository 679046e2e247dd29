package io.trainyard.training;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.CredentialWithdrawn;
import io.trainyard.access.Credentials;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The open streams of live events. What they send is read from the job's rows, so nothing is lost between them. */
@Component
@Profile("api")
class EventStreams implements DisposableBean {

    private static final int MOST = 1000;
    private static final int MOST_OF_AN_OWNER = 100;
    private static final Duration FULL_RETRY = Duration.ofSeconds(10);

    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    /** A thread for each stream that is sending. */
    private final ExecutorService pumps = Executors.newCachedThreadPool(work -> new Thread(work, "job-events"));

    private final TrainingJobs jobs;
    private final Access access;
    private final Credentials credentials;
    private final Clock clock;
    private volatile boolean closed;

    EventStreams(TrainingJobs jobs, Access access, Credentials credentials, Clock clock, MeterRegistry meters) {
        this.credentials = credentials;
        this.jobs = jobs;
        this.access = access;
        this.clock = clock;
        Gauge.builder("trainyard.event.streams", streams, Set::size)
                .description("Open streams of live events")
                .register(meters);
    }

    /**
     * Opens a stream of a job's events.
     *
     * @param lastEventId after which to go on; null to begin with the first event
     */
    SseEmitter open(UUID jobId, @Nullable String lastEventId, Actor actor) {
        jobs.get(jobId);
        SseEmitter emitter = new SseEmitter(0L);
        return open(emitter, new EventStream(jobId, EventCursor.parse(lastEventId), emitter, actor));
    }

    /** Opens a stream of which jobs have changed; its first event says that any may have. */
    SseEmitter open(Actor actor) {
        SseEmitter emitter = new SseEmitter(0L);
        return open(emitter, new ChangeStream(emitter, actor, access));
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
        if (!stream.actor().allOwners()
                && streams.stream()
                                .filter(other -> other.actor()
                                        .owner()
                                        .equals(stream.actor().owner()))
                                .count()
                        >= MOST_OF_AN_OWNER) {
            throw new ProblemException(
                    ProblemType.QUOTA_EXCEEDED,
                    "The owner " + stream.actor().owner() + " has " + MOST_OF_AN_OWNER
                            + " open streams of events, as many as one owner may.",
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
        // Who was let in just before the key was revoked may have come just after that was told.
        pumps.execute(() -> streams.stream()
                .collect(Collectors.groupingBy(LiveStream::actor))
                .forEach((actor, theirs) -> {
                    if (!credentials.isGood(actor)) {
                        theirs.forEach(LiveStream::close);
                    }
                }));
        streams.stream().filter(LiveStream::keepAlive).forEach(this::pump);
    }

    /** Who is let in no more hears no more. */
    @EventListener
    void close(CredentialWithdrawn withdrawn) {
        streams.stream()
                .filter(stream -> stream.actor().credential().equals(withdrawn.credential()))
                // A reader that does not read holds up nobody else's end.
                .forEach(stream -> pumps.execute(stream::close));
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
            if (stream.actor().isExpired(clock.instant())) {
                stream.close();
            } else if (stream.sendNews(jobs)) {
                streams.remove(stream);
            }
        });
    }
}
