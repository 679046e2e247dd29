package io.trainyard.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.trainyard.model.ModelVersion;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * What {@code /actuator/prometheus} says of a loaded version:
 *
 * <ul>
 *   <li>{@code trainyard_serving_requests_seconds}: requests that were answered, from the known version to the answer;
 *   <li>{@code trainyard_serving_failures_total}: those that were not, by the type of the problem;
 *   <li>{@code trainyard_serving_batch_rows}: rows that went through the network together;
 *   <li>{@code trainyard_serving_queue_requests}: requests that wait.
 * </ul>
 *
 * They go when the version is unloaded, so that there are no more of them than loaded versions.
 */
final class VersionMeters implements AutoCloseable {

    private static final Duration[] LATENCIES = Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 32, 64, 128};

    private final MeterRegistry registry;
    private final Tags tags;
    private final Timer requests;
    private final DistributionSummary batches;
    private final Queue<Meter> others = new ConcurrentLinkedQueue<>();
    private boolean closed;

    VersionMeters(MeterRegistry registry, ModelVersion version) {
        this.registry = registry;
        this.tags = Tags.of("model", version.model(), "version", String.valueOf(version.version()));
        this.requests = Timer.builder("trainyard.serving.requests")
                .description("Requests that were answered")
                .tags(tags)
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
        this.batches = DistributionSummary.builder("trainyard.serving.batch")
                .description("Rows that went through the network together")
                .baseUnit("rows")
                .tags(tags)
                .serviceLevelObjectives(BATCH_SIZES)
                .register(registry);
    }

    /** The version is ready to answer. */
    synchronized void ready(LoadedModel model) {
        if (!closed) {
            others.add(Gauge.builder("trainyard.serving.queue", model, LoadedModel::queued)
                    .description("Requests that wait")
                    .baseUnit("requests")
                    .tags(tags)
                    .register(registry));
        }
    }

    void answered(Duration time) {
        requests.record(time);
    }

    synchronized void failed(ProblemType type) {
        if (!closed) {
            Counter failures = Counter.builder("trainyard.serving.failures")
                    .description("Requests that were not answered")
                    .tags(tags.and("problem", type.slug()))
                    .register(registry);
            others.add(failures);
            failures.increment();
        }
    }

    void batch(int rows) {
        batches.record(rows);
    }

    /** What is measured afterwards goes nowhere. */
    @Override
    public synchronized void close() {
        closed = true;
        registry.remove(requests);
        registry.remove(batches);
        others.forEach(registry::remove);
    }
}
