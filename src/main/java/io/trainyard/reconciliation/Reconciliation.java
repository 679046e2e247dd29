package io.trainyard.reconciliation;

import io.trainyard.artifact.Reference;
import io.trainyard.artifact.StoreAudit;
import io.trainyard.artifact.StoreReport;
import io.trainyard.dataset.Datasets;
import io.trainyard.json.StoredJson;
import io.trainyard.model.Models;
import io.trainyard.training.BatchPredictions;
import io.trainyard.training.ExpiredJobs;
import io.trainyard.training.JobsReport;
import io.trainyard.training.TrainingJobs;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The comparison and its reports. */
@Component
@Profile("api")
class Reconciliation {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    private final StoreAudit store;
    private final Datasets datasets;
    private final Models models;
    private final TrainingJobs jobs;
    private final BatchPredictions predictions;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    Reconciliation(
            StoreAudit store,
            Datasets datasets,
            Models models,
            TrainingJobs jobs,
            BatchPredictions predictions,
            JdbcClient jdbc,
            JsonMapper json,
            Clock clock) {
        this.store = store;
        this.datasets = datasets;
        this.models = models;
        this.jobs = jobs;
        this.predictions = predictions;
        this.jdbc = jdbc;
        this.json = StoredJson.shown(json);
        this.clock = clock;
    }

    /** Compares, repairs what can be repaired, and keeps the report. */
    void run() {
        Instant begun = clock.instant();
        // First, so that what only they needed is an orphan.
        ExpiredJobs expired = expire();
        StoreReport files = store.run(this::references);
        JobsReport promises = jobs.audit();
        boolean clean = files.missing().isEmpty()
                && files.damaged().isEmpty()
                && promises.faults().isEmpty()
                && promises.queuedAgain().isEmpty();
        ReconciliationReport report = new ReconciliationReport(begun, clock.instant(), clean, files, promises, expired);
        jdbc.sql(
                        "insert into reconciliation (started_at, finished_at, report) values (:begun, :ended, cast(:report as jsonb))")
                .param("begun", java.sql.Timestamp.from(begun))
                .param("ended", java.sql.Timestamp.from(report.finishedAt()))
                .param("report", json.writeValueAsString(report))
                .update();
        if (clean) {
            log.info("reconciled {} files of {} bytes and {} jobs", files.files(), files.bytes(), promises.jobs());
        } else {
            log.error("reconciliation has found faults: {}", report);
        }
    }

    /** Null where it could not be done: what else is looked at does not depend on it. */
    private @Nullable ExpiredJobs expire() {
        try {
            return jobs.expire();
        } catch (DataAccessException failure) {
            log.error("jobs that are kept no longer could not be deleted", failure);
            return null;
        }
    }

    /** The last report. */
    Optional<ReconciliationReport> latest() {
        return jdbc.sql("select report from reconciliation order by id desc limit 1")
                .query(String.class)
                .optional()
                .map(report -> json.readValue(report, ReconciliationReport.class));
    }

    private Collection<Reference> references() {
        return Stream.of(datasets.references(), models.references(), predictions.references(), jobs.references())
                .flatMap(Collection::stream)
                .toList();
    }
}
