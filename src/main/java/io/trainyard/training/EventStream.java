package io.trainyard.training;

import io.trainyard.access.Actor;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One client's stream of one job's events: {@code status}, {@code epoch} and {@code progress}. */
final class EventStream extends LiveStream {

    /** Epochs that are read at once. */
    private static final int PAGE = 1000;

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    private final UUID jobId;
    private EventCursor cursor;
    private JobView.@Nullable Progress progress;

    EventStream(UUID jobId, EventCursor cursor, SseEmitter emitter, Actor actor) {
        super(emitter, actor);
        this.jobId = jobId;
        this.cursor = cursor;
    }

    @Override
    boolean concerns(UUID changed) {
        return jobId.equals(changed);
    }

    @Override
    void concernsAll() {}

    @Override
    boolean send(SseEmitter emitter, TrainingJobs jobs) throws IOException {
        try {
            JobView job = jobs.get(jobId);
            List<EpochMetrics> epochs;
            do {
                epochs = jobs.metricsSince(jobId, cursor, PAGE);
                for (Event event : news(job, epochs)) {
                    cursor = event.advance().apply(cursor);
                    send(emitter, event.name(), event.data());
                }
            } while (epochs.size() == PAGE);
            // The job's row was read before them, and may be behind.
            if (job.transitions().get(job.transitions().size() - 1).status().isTerminal()) {
                emitter.complete();
                return true;
            }
            if (!job.progress().equals(progress)) {
                progress = job.progress();
                send(emitter, "progress", job.progress());
            }
            return false;
        } catch (DataAccessException | TransactionException databaseAway) {
            log.debug("no news of job {}: {}", jobId, databaseAway.getMessage());
            return false;
        }
    }

    /** What is to be sent; {@code advance} moves the cursor past it. */
    private record Event(Instant at, String name, Object data, UnaryOperator<EventCursor> advance) {}

    /** Transitions and epochs that were not sent yet, in the order in which they happened. */
    private List<Event> news(JobView job, List<EpochMetrics> epochs) {
        List<Event> events = new ArrayList<>();
        List<JobView.Transition> transitions = job.transitions();
        for (int i = cursor.transitions(); i < transitions.size(); i++) {
            int sent = i + 1;
            JobView.Transition transition = transitions.get(i);
            if (epochs.size() == PAGE
                    && transition.at().isAfter(epochs.get(PAGE - 1).at())) {
                // There are more epochs, which may have come before it.
                break;
            }
            events.add(new Event(transition.at(), "status", transition, before -> before.withTransitions(sent)));
        }
        for (EpochMetrics epoch : epochs) {
            events.add(
                    new Event(epoch.at(), "epoch", epoch, before -> before.withEpoch(epoch.attempt(), epoch.epoch())));
        }
        events.sort(Comparator.comparing(Event::at));
        return events;
    }

    private void send(SseEmitter emitter, String name, Object data) throws IOException {
        emitter.send(SseEmitter.event().id(cursor.toString()).name(name).data(data, MediaType.APPLICATION_JSON));
    }
}
