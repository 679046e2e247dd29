package io.trainyard.training;

import io.trainyard.json.StoredJson;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Makes of jobs' rows what clients see, with their history, place in the queue and result. */
@Component
class JobViews {

    private final JobRows jobs;
    private final TransitionRows transitions;
    private final Models models;
    private final JsonMapper json;

    JobViews(JobRows jobs, TransitionRows transitions, Models models, JsonMapper json) {
        this.jobs = jobs;
        this.transitions = transitions;
        this.models = models;
        this.json = StoredJson.shown(json);
    }

    JobView of(JobRow row) {
        return of(List.of(row)).get(0);
    }

    List<JobView> of(List<JobRow> rows) {
        Collection<UUID> ids = rows.stream().map(row -> row.id).toList();
        Map<UUID, List<JobView.Transition>> history = transitions.findByJobIdInOrderByOrdinal(ids).stream()
                .collect(Collectors.groupingBy(
                        transition -> transition.jobId,
                        Collectors.mapping(JobView.Transition::of, Collectors.toList())));
        Map<UUID, JobRows.QueuePlace> places = queuePlaces(rows);
        return rows.stream()
                .map(row -> view(row, places.get(row.id), history.getOrDefault(row.id, List.of())))
                .toList();
    }

    private Map<UUID, JobRows.QueuePlace> queuePlaces(List<JobRow> rows) {
        List<UUID> queued = rows.stream()
                .filter(row -> row.status == JobStatus.QUEUED)
                .map(row -> row.id)
                .toList();
        return queued.isEmpty()
                ? Map.of()
                : jobs.queuePlaces(queued, Workers.ALIVE_SECONDS).stream()
                        .collect(Collectors.toMap(JobRows.QueuePlace::getId, Function.identity()));
    }

    private JobView view(JobRow row, JobRows.@Nullable QueuePlace place, List<JobView.Transition> history) {
        AcceptedSpec spec = json.readValue(row.spec, row.kind.spec());
        return new JobView(
                row.id,
                row.kind,
                row.model,
                row.owner,
                row.status,
                row.statusReason,
                spec,
                row.attempt,
                progress(row, spec, place == null ? null : place.getEta()),
                place == null ? null : place.getPosition(),
                result(row),
                history,
                row.createdAt,
                row.startedAt,
                row.finishedAt);
    }

    private static JobView.Progress progress(JobRow row, AcceptedSpec spec, @Nullable Double queuedEta) {
        double done = row.epoch + (row.iterations == 0 ? 0 : (double) row.iteration / row.iterations);
        double share = row.status == JobStatus.SUCCEEDED ? 1 : done / row.epochs;
        Double eta = row.status == JobStatus.RUNNING && share > 0
                ? Double.valueOf(row.runtimeSeconds / share * (1 - share))
                : queuedEta;
        double percent = Math.round(share * 1000) / 10.0;
        Double etaSeconds = eta == null ? null : Double.valueOf(Math.round(eta * 10) / 10.0);
        if (spec instanceof BatchPredictionSpec prediction) {
            int rows = row.epoch == row.epochs ? prediction.rows() : row.iteration;
            return JobView.Progress.inRows(rows, prediction.rows(), percent, etaSeconds);
        }
        return JobView.Progress.inEpochs(row.epoch, row.epochs, row.iteration, percent, etaSeconds);
    }

    private JobView.@Nullable Result result(JobRow row) {
        if (row.result != null) {
            return json.readValue(row.result, JobView.Result.class);
        }
        if (row.resultVersion == null) {
            return null;
        }
        Map<String, Double> figures = models.find(row.model, row.resultVersion)
                .map(ModelVersion::figures)
                .orElse(Map.of());
        return new JobView.Result(row.model, row.resultVersion, figures, null);
    }
}
