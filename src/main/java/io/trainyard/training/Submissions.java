package io.trainyard.training;

import io.trainyard.access.Actor;
import io.trainyard.access.Quotas;
import io.trainyard.dataset.Datasets;
import io.trainyard.idempotency.IdempotentRequests;
import io.trainyard.model.Models;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.problem.Problems;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Accepts jobs of every kind: freezes the spec into a row and queues it, in one transaction. */
@Component
class Submissions {

    private static final Logger log = LoggerFactory.getLogger(Submissions.class);
    private static final Duration QUEUE_RETRY = Duration.ofSeconds(30);

    private final JobRows jobs;
    private final JobViews views;
    private final JobQueue queue;
    private final IdempotentRequests requests;
    private final Datasets datasets;
    private final Models models;
    private final JsonMapper json;
    private final Clock clock;
    private final TrainingProperties properties;
    private final Quotas quotas;

    Submissions(
            JobRows jobs,
            JobViews views,
            JobQueue queue,
            IdempotentRequests requests,
            Datasets datasets,
            Models models,
            JsonMapper json,
            Clock clock,
            TrainingProperties properties,
            Quotas quotas) {
        this.jobs = jobs;
        this.views = views;
        this.queue = queue;
        this.requests = requests;
        this.datasets = datasets;
        this.models = models;
        this.json = json;
        this.clock = clock;
        this.properties = properties;
        this.quotas = quotas;
    }

    /**
     * Accepts a job.
     *
     * @param request as the client sent it
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @param actor who sent it
     * @param checked gives the job, or throws what is wrong with the request
     * @throws ProblemException also when the queue is full
     */
    JobView accept(Object request, @Nullable String idempotencyKey, Actor actor, Supplier<Submission> checked) {
        return requests.once(actor.owner(), idempotencyKey, json.writeValueAsString(request), JobView.class, () -> {
            Submission submission = checked.get();
            return () -> accept(submission, actor);
        });
    }

    private JobView accept(Submission submission, Actor actor) {
        checkPriority(submission.spec(), actor);
        checkQueue();
        quotas.checkQueued(actor, owner -> jobs.countByStatusAndOwner(JobStatus.QUEUED, owner));
        quotas.checkDisk(actor);
        datasets.hold(submission.datasetVersionId());
        JobRow row = jobs.saveAndFlush(row(submission, owner(submission, actor)));
        Submission.HeldVersion held = submission.held();
        if (held != null) {
            models.hold(held.model(), held.version(), row.id);
        }
        queue.add(row.id, share(submission, actor));
        log.info("accepts {} job {} of model {}", row.kind, row.id, row.model);
        return views.of(row);
    }

    /** A label is what somebody says; an owner is known. */
    private String share(Submission submission, Actor actor) {
        return actor.allOwners() ? submission.spec().labels().getOrDefault(properties.shareLabel(), "") : actor.owner();
    }

    /** Owners take turns within one priority: none puts its own before the others'. */
    private static void checkPriority(AcceptedSpec spec, Actor actor) {
        if (!actor.allOwners() && spec.priority() > 0) {
            throw new InvalidFieldException(
                    "/priority",
                    "must not be above 0: only a key that sees all owners' things may put a job before theirs");
        }
    }

    private void checkQueue() {
        if (jobs.countByStatus(JobStatus.QUEUED) >= properties.maxQueued()) {
            throw new ProblemException(
                    ProblemType.CAPACITY_EXCEEDED,
                    "The queue holds " + properties.maxQueued() + " jobs already.",
                    List.of(),
                    QUEUE_RETRY,
                    null);
        }
    }

    /** Who sees a model sees the jobs that make its versions. */
    private String owner(Submission submission, Actor actor) {
        return submission.kind() == JobKind.TRAINING
                ? models.claim(submission.spec().model(), actor)
                : actor.owner();
    }

    private JobRow row(Submission submission, String owner) {
        AcceptedSpec spec = submission.spec();
        JobRow row = new JobRow();
        row.id = UUID.randomUUID();
        row.kind = submission.kind();
        row.model = spec.model();
        row.owner = owner;
        row.status = JobStatus.QUEUED;
        row.spec = json.writeValueAsString(spec);
        row.summary = submission.summary();
        row.datasetVersionId = submission.datasetVersionId();
        row.labels = json.writeValueAsString(spec.labels());
        row.priority = spec.priority();
        row.epochs = submission.epochs();
        row.requestId = MDC.get(Problems.REQUEST_ID);
        row.traceparent = JobTraces.traceparent();
        // PostgreSQL keeps microseconds.
        row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return row;
    }
}
