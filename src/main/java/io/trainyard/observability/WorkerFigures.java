package io.trainyard.observability;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.trainyard.training.WorkerIdentity;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What this worker has counted, in its row, for the API processes to export. */
@Component
@Profile("worker")
class WorkerFigures {

    private static final String EXPORTED = "trainyard_worker_";

    private final WorkerIdentity identity;
    private final ObjectProvider<PrometheusRegistry> registry;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    WorkerFigures(
            WorkerIdentity identity, ObjectProvider<PrometheusRegistry> registry, JdbcClient jdbc, JsonMapper json) {
        this.identity = identity;
        this.registry = registry;
        this.jdbc = jdbc;
        this.json = json;
    }

    void write() {
        PrometheusRegistry meters = registry.getIfAvailable();
        if (meters == null) {
            // management.prometheus.metrics.export.enabled=false
            return;
        }
        List<Family> families = meters.scrape(name -> name.startsWith(EXPORTED)).stream()
                .map(Family::of)
                .flatMap(Optional::stream)
                .toList();
        jdbc.sql("delete from worker_figures where at < now() - interval '1 day'")
                .update();
        jdbc.sql("""
                        insert into worker_figures (worker_id, host, at, samples)
                        values (:id, :host, now(), cast(:samples as jsonb))
                        on conflict (worker_id) do update set at = now(), samples = excluded.samples
                        """)
                .param("id", identity.id())
                .param("host", identity.host())
                .param("samples", json.writeValueAsString(families))
                .update();
    }
}
