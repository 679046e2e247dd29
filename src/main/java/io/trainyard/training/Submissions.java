package io.trainyard.training;

import io.trainyard.model.Models;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Accepts jobs of every kind: freezes the spec into a row and queues it, in one transaction. */
@Component
class Submissions {

    private static final Duration QUEUE_RETRY = Duration.ofSeconds(30);

    private final JobRows jobs;
    private final JobViews views;
    private final JobQueue queue;
    private final IdempotencyKeys idempotencyKeys;
    private final Models models;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Clock clock;
    private final TrainingProperties properties;

    Submissions(
            JobRows jobs,
            JobViews views,
            JobQueue queue,
            IdempotencyKeys idempotencyKeys,
            Models models,
            TransactionTemplate transaction,
            JsonMapper json,
            Clock clock,
            TrainingProperties properties) {
        this.jobs = jobs;
        this.views = views;
        this.queue = queue;
        this.idempotencyKeys = idempotencyKeys;
        this.models = models;
        this.transaction = transaction;
        this.json = json;
        this.clock = clock;
        this.properties = properties;
    }

    /**
     * Accepts a job.
     *
     * @param request as the client sent it
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @param checked gives the job, or throws what is wrong with the request
     * @throws ProblemException also when the queue is full
     */
    JobView accept(Object request, @Nullable String idempotencyKey, Supplier<Submission> checked) {
        if (idempotencyKey == null) {
            return accept(checked.get(), job -> true).orElseThrow();
        }
        String body = json.writeValueAsString(request);
        return answered(idempotencyKey, body)
                .or(() -> accept(
                        checked.get(),
                        job -> idempotencyKeys.answer(idempotencyKey, body, json.writeValueAsString(job))))
                // Another request with the key was faster.
                .or(() -> answered(idempotencyKey, body))
                .orElseThrow();
    }

    private Optional<JobView> answered(String idempotencyKey, String body) {
        return idempotencyKeys.find(idempotencyKey, body).map(answer -> json.readValue(answer, JobView.class));
    }

    /**
     * Makes the job.
     *
     * @param kept within the same transaction; where it gives false, there is no job
     */
    private Optional<JobView> accept(Submission submission, Predicate<JobView> kept) {
        return Objects.requireNonNull(transaction.execute(status -> {
            checkQueue();
            JobRow row = jobs.saveAndFlush(row(submission));
            Submission.HeldVersion held = submission.held();
            if (held != null) {
                models.hold(held.model(), held.version(), row.id);
            }
            queue.add(row.id, submission.spec().labels().getOrDefault(properties.shareLabel(), ""));
            JobView job = views.of(row);
            if (!kept.test(job)) {
                status.setRollbackOnly();
                return Optional.empty();
            }
            return Optional.of(job);
        }));
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

    private JobRow row(Submission submission) {
        AcceptedSpec spec = submission.spec();
        JobRow row = new JobRow();
        row.id = UUID.randomUUID();
        row.kind = submission.kind();
        row.model = spec.model();
        row.status = JobStatus.QUEUED;
        row.spec = json.writeValueAsString(spec);
        row.summary = submission.summary();
        row.datasetVersionId = submission.datasetVersionId();
        row.labels = json.writeValueAsString(spec.labels());
        row.priority = spec.priority();
        row.epochs = submission.epochs();
        // PostgreSQL keeps microseconds.
        row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return row;
    }
}
