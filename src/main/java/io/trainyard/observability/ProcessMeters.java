package io.trainyard.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.trainyard.engine.Engine;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What an API process has of memory, and what room there is in the artifact store. */
@Component
@Profile("api")
class ProcessMeters implements MeterBinder {

    private final Engine engine;
    private final StoreProbe store;

    ProcessMeters(Engine engine, StoreProbe store) {
        this.engine = engine;
        this.store = store;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "process.offheap",
                "Memory beyond what Java's heap has claimed: arrays, native code, the JVM itself",
                () -> engine.memory().offHeapBytes());
        gauge(registry, "process.resident", "Memory of the whole process, without mapped files", () -> engine.memory()
                .residentBytes());
        gauge(registry, "store.free", "Room on the artifact store's disk", () -> store(StoreState::freeBytes));
        gauge(registry, "store.size", "Size of the artifact store's disk", () -> store(StoreState::totalBytes));
        // A disk that does not answer cannot be written either.
        Gauge.builder(
                        "trainyard.store.writable",
                        () -> store.get().filter(StoreState::writable).isPresent() ? 1 : 0)
                .description("Whether the artifact store can be written")
                .register(registry);
    }

    /** Not a number where the disk does not answer. */
    private double store(ToDoubleFunction<StoreState> figure) {
        return store.get().map(figure::applyAsDouble).orElse(Double.NaN);
    }

    private static void gauge(MeterRegistry registry, String name, String description, Supplier<Number> bytes) {
        Gauge.builder("trainyard." + name, bytes)
                .description(description)
                .baseUnit("bytes")
                .register(registry);
    }
}
