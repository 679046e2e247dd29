package io.trainyard.training;

import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Checkpoints;
import io.trainyard.artifact.Reference;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Datasets;
import io.trainyard.model.Models;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.NetworkSummary;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: accepts, shows and cancels jobs. */
@Component
public class TrainingJobs {

    private static final Duration QUEUE_RETRY = Duration.ofSeconds(30);

    private final JobRows jobs;
    private final JobViews views;
    private final EpochMetricsRows metrics;
    private final JobTransitions transitions;
    private final JobQueue queue;
    private final IdempotencyKeys idempotencyKeys;
    private final Datasets datasets;
    private final Models models;
    private final Blueprints blueprints;
    private final Checkpoints checkpoints;
    private final JobsAudit audit;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final TrainingProperties properties;

    TrainingJobs(
            JobRows jobs,
            JobViews views,
            EpochMetricsRows metrics,
            JobTransitions transitions,
            JobQueue queue,
            IdempotencyKeys idempotencyKeys,
            Datasets datasets,
            Models models,
            Blueprints blueprints,
            Checkpoints checkpoints,
            JobsAudit audit,
            TransactionTemplate transaction,
            JdbcClient jdbc,
            JsonMapper json,
            Clock clock,
            TrainingProperties properties) {
        this.jobs = jobs;
        this.views = views;
        this.metrics = metrics;
        this.transitions = transitions;
        this.queue = queue;
        this.idempotencyKeys = idempotencyKeys;
        this.datasets = datasets;
        this.models = models;
        this.blueprints = blueprints;
        this.checkpoints = checkpoints;
        this.audit = audit;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.properties = properties;
    }

    /** Checks a request as {@link #submit} does, but makes no job. */
    NetworkSummary validate(JobRequest request) {
        return blueprints.of(request, dataset(request)).summary();
    }

    private DatasetVersion dataset(JobRequest request) {
        return datasets.resolve(request.dataset().name(), request.dataset().version());
    }

    /**
     * Accepts a job: freezes its spec into a row and queues it, in one transaction.
     *
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @throws ProblemException when the request is invalid, needs too much memory, or the queue is full
     */
    JobView submit(JobRequest request, @Nullable String idempotencyKey) {
        if (idempotencyKey == null) {
            return accept(request, job -> true).orElseThrow();
        }
        String body = json.writeValueAsString(request);
        return answered(idempotencyKey, body)
                .or(() -> accept(
                        request, job -> idempotencyKeys.answer(idempotencyKey, body, json.writeValueAsString(job))))
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
    private Optional<JobView> accept(JobRequest request, Predicate<JobView> kept) {
        DatasetVersion dataset = dataset(request);
        Blueprint blueprint = blueprints.of(request, dataset);
        return Objects.requireNonNull(transaction.execute(status -> {
            checkQueue();
            JobRow row = jobs.saveAndFlush(row(request, dataset, blueprint));
            NetworkSpec.BaseVersion base = blueprint.network().base();
            if (base != null) {
                models.hold(base.model(), base.version(), row.id);
            }
            queue.add(row.id, request.labels().getOrDefault(properties.shareLabel(), ""));
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

    private JobRow row(JobRequest request, DatasetVersion dataset, Blueprint blueprint) {
        JobSpec spec = new JobSpec(
                request.model(),
                new DatasetChoice.Versioned(dataset.name(), dataset.version()),
                blueprint.network(),
                blueprint.training(),
                request.priority(),
                request.maxRuntimeSeconds(),
                request.labels());
        JobRow row = new JobRow();
        row.id = UUID.randomUUID();
        row.model = request.model();
        row.status = JobStatus.QUEUED;
        row.spec = json.writeValueAsString(spec);
        row.summary = json.writeValueAsString(blueprint.summary());
        row.datasetVersionId = dataset.id();
        row.labels = json.writeValueAsString(request.labels());
        row.priority = request.priority();
        row.epochs = blueprint.training().epochs();
        // PostgreSQL keeps microseconds.
        row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return row;
    }

    /**
     * One job.
     *
     * @throws ProblemException NOT_FOUND
     */
    @Transactional(readOnly = true)
    public JobView get(UUID id) {
        return views.of(row(id));
    }

    /** A page of jobs, newest first, from the one after {@code cursor} on. */
    @Transactional(readOnly = true)
    List<JobView> page(
            @Nullable JobStatus status,
            @Nullable String model,
            @Nullable Map<String, String> labels,
            @Nullable JobCursor cursor,
            int limit) {
        List<JobRow> rows = jobs.page(
                status == null ? null : status.name(),
                model,
                labels == null ? null : json.writeValueAsString(labels),
                cursor == null ? null : cursor.createdAt(),
                cursor == null ? null : cursor.id(),
                limit);
        return views.of(rows);
    }

    /** At most {@code limit} points of a job's curves, from the epoch after {@code epoch} on. */
    @Transactional(readOnly = true)
    public List<EpochMetrics> metrics(UUID id, int epoch, int limit) {
        row(id);
        return metrics.findByJobIdAndEpochGreaterThanOrderByEpoch(id, epoch, Limit.of(limit)).stream()
                .map(row -> EpochMetrics.of(row, json))
                .toList();
    }

    /** At most {@code limit} points of a job's curves that a stream has not sent, by epoch. */
    @Transactional(readOnly = true)
    List<EpochMetrics> metricsSince(UUID id, EventCursor cursor, int limit) {
        return metrics.since(id, cursor.attempt(), cursor.epoch(), Limit.of(limit)).stream()
                .map(row -> EpochMetrics.of(row, json))
                .toList();
    }

    /** The log of an attempt, oldest line first; of the latest where {@code attempt} is null. */
    @Transactional(readOnly = true)
    List<String> log(UUID id, @Nullable Integer attempt) {
        JobRow job = row(id);
        return jdbc.sql("""
                        select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || line
                        from job_log where job_id = :id and attempt = :attempt order by id
                        """)
                .param("id", id)
                .param("attempt", attempt == null ? job.attempt : attempt)
                .query(String.class)
                .list();
    }

    /**
     * Cancels a job: at once where it is queued, else as soon as its worker hears of it. Calling it again does no harm.
     *
     * @throws ProblemException NOT_FOUND; JOB_FINISHED when the job has ended in another way
     */
    JobView cancel(UUID id) {
        JobStatus status = transitions.cancel(id).orElseThrow(() -> ProblemException.notFound("job", id));
        if (status == JobStatus.CANCELLED) {
            checkpoints.delete(id);
        } else if (status.isTerminal()) {
            throw new ProblemException(
                    ProblemType.JOB_FINISHED, "Job " + id + " has ended as " + status + " and cannot be cancelled.");
        }
        return get(id);
    }

    /**
     * Pauses a job: at once where it is queued, else as soon as its worker has saved its state. Calling it again does no
     * harm.
     *
     * @throws ProblemException NOT_FOUND; JOB_FINISHED when the job has ended or is being cancelled
     */
    JobView pause(UUID id) {
        JobStatus status = transitions.pause(id).orElseThrow(() -> ProblemException.notFound("job", id));
        checkNotEnding(id, status, "paused");
        return get(id);
    }

    /**
     * Lets a paused job go on from its last checkpoint, in its old place in the queue. One that is not paused stays as it
     * is.
     *
     * @throws ProblemException NOT_FOUND; JOB_FINISHED when the job has ended or is being cancelled
     */
    JobView resume(UUID id) {
        JobStatus status = transitions.resume(id).orElseThrow(() -> ProblemException.notFound("job", id));
        checkNotEnding(id, status, "resumed");
        return get(id);
    }

    private static void checkNotEnding(UUID id, JobStatus status, String what) {
        if (status.isTerminal() || status == JobStatus.CANCELLING) {
            throw new ProblemException(
                    ProblemType.JOB_FINISHED,
                    "Job " + id + (status.isTerminal() ? " has ended as " + status : " is being cancelled")
                            + " and cannot be " + what + ".");
        }
    }

    /** Checks what is promised about jobs, and puts live ones that are in no queue back. */
    public JobsReport audit() {
        return audit.run();
    }

    /** The checkpoints of all jobs that have not ended. */
    public List<Reference> references() {
        return jdbc.sql("select job_id, file, sha256, bytes from checkpoint")
                .query((row, number) -> checkpoints.reference(
                        row.getObject("job_id", UUID.class),
                        row.getString("file"),
                        new Artifact(row.getString("sha256"), row.getLong("bytes"))))
                .list();
    }

    private JobRow row(UUID id) {
        return jobs.findById(id).orElseThrow(() -> ProblemException.notFound("job", id));
    }
}
