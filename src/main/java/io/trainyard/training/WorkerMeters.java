package io.trainyard.training;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.trainyard.engine.Device;
import io.trainyard.engine.Engine;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What a worker's process has and takes, as {@code docs/observability.md} lists it. The API processes export it. */
@Component
@Profile("worker")
class WorkerMeters {

    private static final String PREFIX = "trainyard.worker.";
    private static final String BYTES = "bytes";

    private final MeterRegistry registry;
    private final Engine engine;

    WorkerMeters(MeterRegistry registry, Engine engine, WorkerRegistration registration) {
        this.registry = registry;
        this.engine = engine;
        gauge("busy", null, "Whether the worker has a job", () -> registration.isBusy() ? 1 : 0);
        gauge("heap", BYTES, "Java's heap in use", () -> ManagementFactory.getMemoryMXBean()
                .getHeapMemoryUsage()
                .getUsed());
        gauge(
                "offheap",
                BYTES,
                "Memory beyond what Java's heap has claimed: arrays, native code, the JVM itself",
                () -> engine.memory().offHeapBytes());
        gauge("resident", BYTES, "Memory of the whole process, without mapped files", () -> engine.memory()
                .residentBytes());
        gauge(
                "memory.limit",
                BYTES,
                "Memory that the whole process may take before its job fails",
                () -> engine.memory().limitBytes());
        gauge("threads", null, "Live threads of the JVM", () -> ManagementFactory.getThreadMXBean()
                .getThreadCount());
        TimeGauge.builder(
                        PREFIX + "uptime",
                        () -> ManagementFactory.getRuntimeMXBean().getUptime(),
                        TimeUnit.MILLISECONDS)
                .description("Time since the process began")
                .register(registry);
    }

    /** What the worker computes on, once it has looked. */
    void device(Device device) {
        Gauge.builder(PREFIX + "device.memory", device, Device::memoryBytes)
                .description("Memory of the device; of a processor, the machine's")
                .baseUnit(BYTES)
                .tags("device", device.name(), "backend", device.backend())
                .register(registry);
        Gauge.builder(PREFIX + "device.memory.used", engine, WorkerMeters::deviceMemoryUsed)
                .description("Memory of the device that is in use, by whomever")
                .baseUnit(BYTES)
                .tags("device", device.name(), "backend", device.backend())
                .register(registry);
    }

    private static double deviceMemoryUsed(Engine engine) {
        OptionalLong used = engine.deviceMemoryUsed();
        return used.isPresent() ? used.getAsLong() : Double.NaN;
    }

    private void gauge(String name, @Nullable String unit, String description, Supplier<Number> value) {
        Gauge.builder(PREFIX + name, value)
                .description(description)
                .baseUnit(unit)
                .strongReference(true)
                .register(registry);
    }
}
