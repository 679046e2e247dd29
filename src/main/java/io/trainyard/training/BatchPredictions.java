package io.trainyard.training;

import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Reference;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Datasets;
import io.trainyard.json.StoredJson;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Jobs that predict every row of a split, and the files that they leave. */
@Component
public class BatchPredictions {

    private final JobRows jobs;
    private final Submissions submissions;
    private final Datasets datasets;
    private final Access access;
    private final Models models;
    private final Artifacts artifacts;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    BatchPredictions(
            JobRows jobs,
            Submissions submissions,
            Datasets datasets,
            Access access,
            Models models,
            Artifacts artifacts,
            JdbcClient jdbc,
            JsonMapper json) {
        this.jobs = jobs;
        this.submissions = submissions;
        this.datasets = datasets;
        this.access = access;
        this.models = models;
        this.artifacts = artifacts;
        this.jdbc = jdbc;
        this.json = StoredJson.shown(json);
    }

    /**
     * A file of predictions.
     *
     * @param content its bytes, whose checksum was verified
     */
    record Download(BatchPredictionSpec spec, Artifact artifact, Path content) {}

    /**
     * Accepts a job: from now on it means exactly one version of the model and one of the dataset.
     *
     * @param idempotencyKey with which the same request gives the first answer again; null for none
     * @throws ProblemException when the request is invalid, or the queue is full
     */
    JobView submit(BatchPredictionRequest request, @Nullable String idempotencyKey, Actor actor) {
        return submissions.accept(request, idempotencyKey, actor, () -> checked(request, actor));
    }

    private Submission checked(BatchPredictionRequest request, Actor actor) {
        access.checkRead(actor, Kind.MODEL, request.model());
        access.checkRead(actor, Kind.DATASET, request.dataset().name());
        ModelVersion version = models.get(request.model(), models.number(request.model(), request.version()));
        DatasetVersion dataset =
                datasets.resolve(request.dataset().name(), request.dataset().version());
        if (!dataset.splits().containsKey(request.split())) {
            throw invalid(
                    "/split",
                    "is not one of the dataset's splits, " + dataset.splits().keySet());
        }
        String taken = version.encoding().rowForm();
        String held = dataset.encoding().rowForm();
        if (!taken.equals(held)) {
            throw invalid(
                    "/dataset",
                    dataset.name() + " version " + dataset.version() + " holds " + held + ", but " + version.model()
                            + " version " + version.version() + " takes " + taken);
        }
        BatchPredictionSpec spec = new BatchPredictionSpec(
                version.model(),
                version.version(),
                new DatasetChoice.Versioned(dataset.name(), dataset.version()),
                request.split(),
                request.format(),
                dataset.split(request.split()).rows(),
                request.priority(),
                request.maxRuntimeSeconds(),
                request.labels());
        return new Submission(
                JobKind.BATCH_PREDICTION,
                spec,
                null,
                dataset.id(),
                1,
                new Submission.HeldVersion(version.model(), version.version()));
    }

    private static ProblemException invalid(String pointer, String detail) {
        return new ProblemException(
                ProblemType.INVALID_REQUEST, pointer + ": " + detail, List.of(new FieldError(pointer, detail)));
    }

    /**
     * The file that a job has left.
     *
     * @throws ProblemException NOT_FOUND until the job has succeeded, and after the file was deleted; ARTIFACT_DAMAGED
     */
    Download download(UUID id) {
        JobRow job = job(id);
        Artifact artifact = jdbc.sql("select sha256, bytes from prediction_file where job_id = :id")
                .param("id", id)
                .query((row, number) -> artifact(row))
                .optional()
                .orElseThrow(() -> none(job));
        return new Download(
                json.readValue(job.spec, BatchPredictionSpec.class), artifact, artifacts.verified(artifact));
    }

    /**
     * Deletes the file that a job has left; the job itself stays. Reconciliation deletes the bytes, no earlier than it would
     * those of an attempt that was cut off now.
     *
     * @throws ProblemException NOT_FOUND
     */
    @Transactional
    public void delete(UUID id) {
        Optional<Artifact> deleted = jdbc.sql("delete from prediction_file where job_id = :id returning sha256, bytes")
                .param("id", id)
                .query((row, number) -> artifact(row))
                .optional();
        artifacts.release(deleted.orElseThrow(() -> none(job(id))));
    }

    /** The files of all batch predictions. */
    public List<Reference> references() {
        return jdbc.sql("select job_id, sha256, bytes from prediction_file")
                .query((row, number) ->
                        artifacts.reference("batch prediction " + row.getObject("job_id", UUID.class), artifact(row)))
                .list();
    }

    private static Artifact artifact(ResultSet row) throws SQLException {
        return new Artifact(row.getString("sha256"), row.getLong("bytes"));
    }

    private JobRow job(UUID id) {
        return jobs.findById(id)
                .filter(job -> job.kind == JobKind.BATCH_PREDICTION)
                .orElseThrow(() -> ProblemException.notFound("batch prediction", id));
    }

    private static ProblemException none(JobRow job) {
        String why;
        if (job.status == JobStatus.SUCCEEDED) {
            why = "The predictions of job " + job.id + " have been deleted; post the batch prediction again.";
        } else if (job.status.isTerminal()) {
            why = "Job " + job.id + " has ended as " + job.status + " and left no predictions.";
        } else {
            why = "Job " + job.id + " is " + job.status + "; its predictions are here once it has SUCCEEDED.";
        }
        return new ProblemException(ProblemType.NOT_FOUND, why);
    }
}
