package io.trainyard.training;

import io.trainyard.artifact.Artifact;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.engine.Evaluation;
import io.trainyard.engine.TrainingSession;
import io.trainyard.model.Annotations;
import io.trainyard.model.ClassificationEvaluation;
import io.trainyard.model.DatasetReference;
import io.trainyard.model.Lineage;
import io.trainyard.model.Models;
import io.trainyard.model.RegressionEvaluation;
import io.trainyard.model.VersionEvaluation;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** The end of a run that succeeds: its network becomes a version of the model. */
final class Publication {

    private final Lease lease;
    private final JobSpec spec;
    private final JsonNode summary;
    private final DatasetVersion dataset;
    private final RunServices services;

    Publication(Lease lease, JobSpec spec, JsonNode summary, DatasetVersion dataset, RunServices services) {
        this.lease = lease;
        this.spec = spec;
        this.summary = summary;
        this.dataset = dataset;
        this.services = services;
    }

    /** Bytes first; then, in one transaction, the version and the end of the job. Returns the version. */
    int publish(TrainingSession session, Evaluation evaluation, DatabaseRetry retry) {
        Artifact artifact = services.artifacts().put(session::save);
        Models.Candidate candidate = new Models.Candidate(
                spec.model(),
                new Lineage.Trained(
                        lease.jobId(),
                        new DatasetReference(dataset.name(), dataset.version(), dataset.sha256()),
                        services.json().valueToTree(spec),
                        spec.training().seed()),
                summary,
                dataset.encoding(),
                dataset.target(),
                evaluation(evaluation),
                artifact,
                Annotations.NONE);
        return retry.call(() -> Objects.requireNonNull(services.transaction().execute(status -> {
            lease.lock();
            int version = services.models().publish(candidate);
            lease.log("published as version " + version + " of model '" + spec.model() + "', artifact "
                    + artifact.sha256());
            lease.succeeded(version);
            return version;
        })));
    }

    private VersionEvaluation evaluation(Evaluation evaluation) {
        List<String> classes = dataset.target().classes();
        if (evaluation.report() instanceof Evaluation.Numbers numbers) {
            return new RegressionEvaluation(
                    evaluation.loss(),
                    evaluation.metrics(),
                    numbers.meanAbsoluteError(),
                    numbers.rootMeanSquaredError(),
                    numbers.r2Score(),
                    numbers.worst().stream()
                            .map(miss -> new RegressionEvaluation.Miss(miss.row(), miss.target(), miss.predicted()))
                            .toList());
        }
        Evaluation.Classes report = (Evaluation.Classes) evaluation.report();
        return ClassificationEvaluation.of(
                evaluation.loss(),
                evaluation.metrics(),
                classes,
                report.confusion(),
                report.calibration().stream()
                        .map(bin -> new ClassificationEvaluation.Bin(
                                bin.from(), bin.to(), bin.rows(), bin.confidence(), bin.accuracy()))
                        .toList(),
                report.mistakes().stream()
                        .map(mistake -> new ClassificationEvaluation.Mistake(
                                mistake.row(),
                                classes.get(mistake.label()),
                                classes.get(mistake.predicted()),
                                mistake.probability()))
                        .toList());
    }
}
