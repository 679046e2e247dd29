package io.trainyard.training;

import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One client's stream of which jobs have changed: {@code job} names one, {@code jobs} says that any may have. Changes of a job
 * that come faster than they are sent are one.
 */
final class ChangeStream extends LiveStream {

    private final Set<UUID> changed = ConcurrentHashMap.newKeySet();
    private final Access access;
    private final AtomicBoolean all = new AtomicBoolean();

    ChangeStream(SseEmitter emitter, Actor actor, Access access) {
        super(emitter, actor);
        this.access = access;
    }

    private boolean sees(UUID job) {
        try {
            return access.sees(actor(), Kind.JOB, job.toString());
        } catch (DataAccessException databaseAway) {
            // When it is back, any job may have changed.
            return false;
        }
    }

    @Override
    boolean concerns(UUID jobId) {
        changed.add(jobId);
        return true;
    }

    @Override
    void concernsAll() {
        all.set(true);
    }

    @Override
    boolean send(SseEmitter emitter, TrainingJobs facade) throws IOException {
        if (all.compareAndSet(true, false)) {
            emitter.send(SseEmitter.event().name("jobs").data(Map.of(), MediaType.APPLICATION_JSON));
        }
        for (Iterator<UUID> jobs = changed.iterator(); jobs.hasNext(); ) {
            UUID job = jobs.next();
            // Removed before it is sent: a change that comes meanwhile is sent again.
            jobs.remove();
            if (!sees(job)) {
                continue;
            }
            emitter.send(SseEmitter.event().name("job").data(Map.of("id", job), MediaType.APPLICATION_JSON));
        }
        return false;
    }
}
