package io.trainyard.rollout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code /actuator/prometheus} says of a live rollout in this process:
 *
 * <ul>
 *   <li>{@code trainyard_rollout_requests_total}: requests, by what became of them;
 *   <li>{@code trainyard_rollout_rows_total}: compared rows, by whether the answers agreed;
 *   <li>{@code trainyard_rollout_latency_seconds}: answers, by who gave them.
 * </ul>
 *
 * They go when the rollout has ended.
 */
final class RolloutMeters implements AutoCloseable {

    private static final Duration[] LATENCIES = Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags tags;
    private final Set<Meter> meters = new HashSet<>();

    RolloutMeters(MeterRegistry registry, Rollout rollout) {
        this.registry = registry;
        this.tags = Tags.of(
                "model", rollout.model(), "alias", rollout.alias(), "candidate", String.valueOf(rollout.candidate()));
    }

    void request(String outcome) {
        Counter counter = Counter.builder("trainyard.rollout.requests")
                .description("Requests of a rollout, by what became of them")
                .tags(tags.and("outcome", outcome))
                .register(registry);
        remember(counter);
        counter.increment();
    }

    void rows(int agreed, int disagreed) {
        rows("true", agreed);
        rows("false", disagreed);
    }

    private void rows(String agreed, int count) {
        Counter counter = Counter.builder("trainyard.rollout.rows")
                .description("Rows that were compared, by whether the answers agreed")
                .tags(tags.and("agreed", agreed))
                .register(registry);
        remember(counter);
        counter.increment(count);
    }

    void answered(Side side, Duration time) {
        Timer timer = Timer.builder("trainyard.rollout.latency")
                .description("Answers, by who gave them")
                .tags(tags.and("side", side.toString()))
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
        remember(timer);
        timer.record(time);
    }

    private synchronized void remember(Meter meter) {
        meters.add(meter);
    }

    @Override
    public synchronized void close() {
        meters.forEach(registry::remove);
    }
}
