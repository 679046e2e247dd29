package io.trainyard.training;

import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Checkpoints;
import io.trainyard.artifact.Reference;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Datasets;
import io.trainyard.network.NetworkRequest;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.NetworkSummary;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: accepts trainings, and shows and changes jobs of every kind. */
@Component
public class TrainingJobs {

    private final JobRows jobs;
    private final JobViews views;
    private final EpochMetricsRows metrics;
    private final JobTransitions transitions;
    private final Submissions submissions;
    private final Datasets datasets;
    private final Access access;
    private final Blueprints blueprints;
    private final Checkpoints checkpoints;
    private final JobsAudit audit;
    private final JobRetention retention;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    TrainingJobs(
            JobRows jobs,
            JobViews views,
            EpochMetricsRows metrics,
            JobTransitions transitions,
            Submissions submissions,
            Datasets datasets,
            Access access,
            Blueprints blueprints,
            Checkpoints checkpoints,
            JobsAudit audit,
            JobRetention retention,
            JdbcClient jdbc,
            JsonMapper json) {
        this.jobs = jobs;
        this.views = views;
        this.metrics = metrics;
        this.transitions = transitions;
        this.submissions = submissions;
        this.datasets = datasets;
        this.access = access;
        this.blueprints = blueprints;
        this.checkpoints = checkpoints;
        this.audit = audit;
        this.retention = retention;
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Checks a request as {@link #submit} does, but makes no job, and does not ask whose the dataset is. */
    public NetworkSummary validate(JobRequest request) {
        return blueprints.of(request, dataset(request)).summary();
    }

    /** Checks a request as {@link #submit} does, but makes no job. */
    NetworkSummary validate(JobRequest request, Actor actor) {
        checkReferences(request, actor);
        return validate(request);
    }

    private void checkReferences(JobRequest request, Actor actor) {
        if (access.isTaken(actor, Kind.MODEL, request.model())) {
            throw ProblemException.nameTaken("model", request.model());
        }
        access.checkRead(actor, Kind.DATASET, request.dataset().name());
        NetworkRequest.Base base = request.network().base();
        if (base != null) {
            access.checkRead(actor, Kind.MODEL, base.model());
        }
    }

    private DatasetVersion dataset(JobRequest request) {
        return datasets.resolve(request.dataset().name(), request.dataset().version());
    }

    /**
     * Accepts a training: freezes its spec into a row and queues it, in one transaction.
     *
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @throws ProblemException when the request is invalid, needs too much memory, or the queue is full
     */
    JobView submit(JobRequest request, @Nullable String idempotencyKey, Actor actor) {
        return submissions.accept(request, idempotencyKey, actor, () -> checked(request, actor));
    }

    private Submission checked(JobRequest request, Actor actor) {
        checkReferences(request, actor);
        DatasetVersion dataset = dataset(request);
        Blueprint blueprint = blueprints.of(request, dataset);
        JobSpec spec = new JobSpec(
                request.model(),
                new DatasetChoice.Versioned(dataset.name(), dataset.version()),
                blueprint.network(),
                blueprint.training(),
                request.priority(),
                request.maxRuntimeSeconds(),
                request.labels());
        NetworkSpec.BaseVersion base = blueprint.network().base();
        return new Submission(
                JobKind.TRAINING,
                spec,
                json.writeValueAsString(blueprint.summary()),
                dataset.id(),
                blueprint.training().epochs(),
                base == null ? null : new Submission.HeldVersion(base.model(), base.version()));
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

    /**
     * What a job was accepted with, to be posted again: unlike in a view nothing is left out of it.
     *
     * @throws ProblemException NOT_FOUND; UNKNOWN_FIELD where a later release has accepted what this one does not know
     */
    @Transactional(readOnly = true)
    public AcceptedSpec spec(UUID id) {
        JobRow row = row(id);
        try {
            return json.readValue(row.spec, row.kind.spec());
        } catch (JacksonException later) {
            throw new ProblemException(
                    ProblemType.UNKNOWN_FIELD,
                    "The job '" + id + "' has settings of a later release, which this process does not know: "
                            + later.getOriginalMessage() + ". Ask a process of that release.");
        }
    }

    /** A page of the jobs that an actor sees, newest first, from the one after {@code cursor} on. */
    @Transactional(readOnly = true)
    public List<JobView> page(JobFilter filter, @Nullable JobCursor cursor, int limit, Actor actor) {
        List<JobRow> rows = jobs.page(
                actor.only(),
                filter.kind() == null ? null : filter.kind().name(),
                filter.status() == null ? null : filter.status().name(),
                filter.model(),
                filter.labels() == null ? null : json.writeValueAsString(filter.labels()),
                cursor == null ? null : cursor.createdAt(),
                cursor == null ? null : cursor.id(),
                limit);
        return views.of(rows);
    }

    /** The last points of some jobs' curves, of those that have any. */
    @Transactional(readOnly = true)
    public Map<UUID, EpochMetrics> lastMetrics(Collection<UUID> ids) {
        return metrics.last(ids).stream()
                .collect(Collectors.toMap(row -> row.jobId, row -> EpochMetrics.of(row, json)));
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
        return log(id, attempt == null ? job.attempt : attempt, Integer.MAX_VALUE);
    }

    /** The last lines of the latest attempt's log, at most so many, the oldest first. */
    @Transactional(readOnly = true)
    public List<String> logEnd(UUID id, int limit) {
        return log(id, row(id).attempt, limit);
    }

    private List<String> log(UUID id, int attempt, int limit) {
        return jdbc.sql("""
                        select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || line from (
                            select id, at, line from job_log where job_id = :id and attempt = :attempt
                            order by id desc limit :limit) as latest
                        order by id
                        """)
                .param("id", id)
                .param("attempt", attempt)
                .param("limit", limit)
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

    /** Deletes jobs, and logs of jobs, that were kept for as long after their end as the operator wants. */
    public ExpiredJobs expire() {
        return retention.run();
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
