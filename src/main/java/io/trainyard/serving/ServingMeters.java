package io.trainyard.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.trainyard.model.ModelVersion;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * What {@code /actuator/prometheus} says of predictions, for each model and version:
 *
 * <ul>
 *   <li>{@code trainyard_serving_requests_seconds}: requests that were answered, and how long they took from the look-up of
 *       the version to the answer;
 *   <li>{@code trainyard_serving_failures_total}: those that were not, by the type of the problem;
 *   <li>{@code trainyard_serving_batch_rows}: rows that went through the network together;
 *   <li>{@code trainyard_serving_queue_requests}: requests that wait.
 * </ul>
 *
 * They go when the version is unloaded, so that there are no more of them than loaded versions.
 */
@Component
@Profile("api")
class ServingMeters {

    private static final String REQUESTS = "trainyard.serving.requests";
    private static final String FAILURES = "trainyard.serving.failures";
    private static final String BATCH = "trainyard.serving.batch";
    private static final String QUEUE = "trainyard.serving.queue";
    private static final Duration[] LATENCIES = Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 32, 64, 128};

    private final MeterRegistry registry;

    ServingMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void answered(ModelVersion version, Duration time) {
        Timer.builder(REQUESTS)
                .description("Requests that were answered")
                .tags(tags(version))
                .serviceLevelObjectives(LATENCIES)
                .register(registry)
                .record(time);
    }

    void failed(ModelVersion version, ProblemType type) {
        Counter.builder(FAILURES)
                .description("Requests that were not answered")
                .tags(tags(version).and("problem", type.slug()))
                .register(registry)
                .increment();
    }

    void batch(ModelVersion version, int rows) {
        DistributionSummary.builder(BATCH)
                .description("Rows that went through the network together")
                .baseUnit("rows")
                .tags(tags(version))
                .serviceLevelObjectives(BATCH_SIZES)
                .register(registry)
                .record(rows);
    }

    void loaded(ModelVersion version, LoadedModel model) {
        Gauge.builder(QUEUE, model, LoadedModel::queued)
                .description("Requests that wait")
                .baseUnit("requests")
                .tags(tags(version))
                .register(registry);
    }

    void unloaded(ModelVersion version) {
        Stream.of(REQUESTS, FAILURES, BATCH, QUEUE)
                .flatMap(name -> registry.find(name).tags(tags(version)).meters().stream())
                .filter(Objects::nonNull)
                .forEach(registry::remove);
    }

    private static Tags tags(ModelVersion version) {
        return Tags.of("model", version.model(), "version", String.valueOf(version.version()));
    }
}
