package io.trainyard.observability;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.trainyard.observability.Family.Sample;
import io.trainyard.observability.Fleet.JobState;
import io.trainyard.observability.Fleet.LastReconciliation;
import io.trainyard.observability.Fleet.WorkerSamples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Exports, at each scrape, what all processes share and what each worker has counted, as {@code docs/observability.md} lists it.
 * When PostgreSQL does not answer there is only {@code trainyard_database_up}, which is 0 then.
 */
@Component
@Profile("api")
class FleetCollector implements MultiCollector {

    private final FleetFigures figures;

    FleetCollector(FleetFigures figures, ObjectProvider<PrometheusRegistry> registry) {
        this.figures = figures;
        registry.ifAvailable(known -> known.register(this));
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, Family> families = new LinkedHashMap<>();
        Fleet fleet = figures.get().orElse(null);
        put(families, gauge("trainyard_database_up", "Whether PostgreSQL answers this process", fleet == null ? 0 : 1));
        if (fleet != null) {
            put(families, fleet);
        }
        return new MetricSnapshots(
                families.values().stream().map(Family::snapshot).toList());
    }

    private static void put(Map<String, Family> families, Fleet fleet) {
        put(families, jobs("trainyard_jobs", "Jobs that have not ended", Family.Type.GAUGE, fleet.live()));
        put(
                families,
                jobs(
                        "trainyard_jobs_ended",
                        "Jobs that have ended since this process began",
                        Family.Type.COUNTER,
                        fleet.ended()));
        put(families, gauge("trainyard_queue_jobs", "Jobs that wait for a worker", (double) fleet.queued()));
        put(
                families,
                gauge(
                        "trainyard_queue_oldest_age_seconds",
                        "For how long the job waits that has waited for longest; 0 where none does",
                        fleet.oldestSeconds()));
        put(
                families,
                new Family(
                        "trainyard_workers",
                        "Workers that are alive",
                        Family.Type.GAUGE,
                        List.of(
                                new Sample(Map.of("state", "idle"), fleet.idleWorkers(), null),
                                new Sample(Map.of("state", "busy"), fleet.busyWorkers(), null))));
        LastReconciliation last = fleet.reconciliation();
        if (last != null) {
            put(
                    families,
                    gauge(
                            "trainyard_reconciliation_clean",
                            "Whether the last reconciliation has found nothing",
                            last.clean() ? 1 : 0));
            put(
                    families,
                    gauge(
                            "trainyard_reconciliation_finished_timestamp_seconds",
                            "When the last reconciliation ended",
                            last.finishedAt().toEpochMilli() / 1000.0));
        }
        fleet.workers().forEach(worker -> put(families, worker));
    }

    private static void put(Map<String, Family> families, WorkerSamples worker) {
        Map<String, String> labels = Map.of("worker", worker.worker(), "host", worker.host());
        for (Family family : worker.families()) {
            if (worker.alive() || family.type() != Family.Type.GAUGE) {
                put(families, family.with(labels));
            }
        }
    }

    /** Two releases of a worker may have a metric of the same name of two types; the first is exported. */
    private static void put(Map<String, Family> families, Family family) {
        families.merge(family.name(), family, (known, more) -> known.type() == more.type() ? known.and(more) : known);
    }

    private static Family gauge(String name, String help, double value) {
        return new Family(name, help, Family.Type.GAUGE, List.of(new Sample(Map.of(), value, null)));
    }

    private static Family jobs(String name, String help, Family.Type type, Map<JobState, Long> jobs) {
        List<Sample> samples = new ArrayList<>();
        jobs.forEach((state, count) ->
                samples.add(new Sample(Map.of("status", state.status(), "kind", state.kind()), count, null)));
        return new Family(name, help, type, samples);
    }
}
