package io.trainyard.diagnosis;

import com.flipkart.zjsonpatch.Jackson3JsonPatch;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trainyard.dataset.Datasets;
import io.trainyard.dataset.Split;
import io.trainyard.dataset.SplitContent;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.training.EpochMetrics;
import io.trainyard.training.JobRequest;
import io.trainyard.training.JobSpec;
import io.trainyard.training.JobStatus;
import io.trainyard.training.JobView;
import io.trainyard.training.TrainingJobs;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module: reads jobs' curves, and applies what it suggests to their specs. */
@Component
@Profile("api")
public class Diagnoses {

    private static final int ALL_EPOCHS = 100_000;

    private static final int MOST_KEPT = 200;

    /** What was seen of a job does not change until its curves or its status do. */
    private final Cache<Seen, Diagnosis> seen =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    private final TrainingJobs jobs;
    private final Datasets datasets;
    private final JsonMapper json;

    Diagnoses(TrainingJobs jobs, Datasets datasets, JsonMapper json) {
        this.jobs = jobs;
        this.datasets = datasets;
        this.json = json;
    }

    /**
     * What a job's curves show, so far where it has not ended. A job that trains nothing has no findings.
     *
     * @throws ProblemException NOT_FOUND
     */
    public Diagnosis of(UUID job) {
        JobView view = jobs.get(job);
        EpochMetrics last = jobs.lastMetrics(List.of(job)).get(job);
        return last == null
                ? look(view)
                : seen.get(new Seen(job, view.status(), last.attempt(), last.epoch()), key -> look(view));
    }

    private record Seen(UUID job, JobStatus status, int attempt, int epoch) {}

    private Diagnosis look(JobView view) {
        UUID job = view.id();
        if (!(view.spec() instanceof JobSpec spec)) {
            return new Diagnosis(
                    job, 0, "This job predicts with a model and trains nothing, so it has no curves.", List.of());
        }
        SplitContent heldOut = datasets.resolve(
                        spec.dataset().name(), spec.dataset().version())
                .split(Split.TEST);
        Curves curves = Curves.of(
                spec,
                view.status(),
                jobs.metrics(job, 0, ALL_EPOCHS),
                new HeldOut(heldOut.rows(), heldOut.classCounts()));
        JsonNode frozen = json.valueToTree(spec);
        List<Finding> findings = Examination.findings(curves).stream()
                .map(finding -> finding.withSuggestions(finding.suggestions().stream()
                        .filter(suggestion -> isAccepted(changed(frozen, suggestion)))
                        .toList()))
                .toList();
        return new Diagnosis(job, curves.epochs().size(), Examination.summary(curves, findings), findings);
    }

    /**
     * A job's frozen spec with one suggestion applied: the body of a new job.
     *
     * @param finding the code of a finding, such as {@code overfitting}
     * @param suggestion the code of one of its suggestions, such as {@code add_dropout}
     * @throws ProblemException NOT_FOUND when there is no such job, or its curves do not show that now
     */
    public JsonNode changedSpec(UUID job, String finding, String suggestion) {
        Suggestion found = of(job).findings().stream()
                .filter(each -> each.code().toString().equals(finding))
                .flatMap(each -> each.suggestions().stream())
                .filter(each -> each.code().equals(suggestion))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "The curves of job '" + job + "' give no finding '" + finding + "' with a suggestion '"
                                + suggestion + "' now; GET /api/v1/jobs/" + job + "/diagnosis lists them."));
        return changed(json.valueToTree(jobs.spec(job)), found);
    }

    private JsonNode changed(JsonNode spec, Suggestion suggestion) {
        return Jackson3JsonPatch.apply(json.valueToTree(suggestion.changes()), spec);
    }

    /** What would be refused, such as a network that needs too much memory, is not suggested. */
    private boolean isAccepted(JsonNode spec) {
        try {
            jobs.validate(json.treeToValue(spec, JobRequest.class));
            return true;
        } catch (ProblemException | JacksonException refused) {
            return false;
        }
    }
}
