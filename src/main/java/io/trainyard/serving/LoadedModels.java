package io.trainyard.serving;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.trainyard.engine.Engine;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * The model versions in memory: each loaded once, however many ask at the same time, its checksum verified. Where they take
 * more than the budget, those not used for longest make way, once the new one is ready: one that cannot be loaded displaces
 * none. A cache library would decide by frequency whether a new entry may stay at all.
 */
@Component
@Profile("api")
class LoadedModels implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(LoadedModels.class);

    private record Key(String model, int version) {

        static Key of(ModelVersion version) {
            return new Key(version.model(), version.version());
        }
    }

    /** A version that is loaded, or about to be. */
    private static final class Entry {

        private final ModelVersion version;
        private final long bytes;
        private final VersionMeters meters;
        private final CompletableFuture<LoadedModel> model;
        /** The one that it must not displace. */
        private final @Nullable Key kept;

        Entry(
                ModelVersion version,
                long bytes,
                VersionMeters meters,
                CompletableFuture<LoadedModel> model,
                @Nullable Key kept) {
            this.version = version;
            this.kept = kept;
            this.bytes = bytes;
            this.meters = meters;
            this.model = model;
        }

        VersionMeters meters() {
            return meters;
        }

        ModelVersion version() {
            return version;
        }

        long bytes() {
            return bytes;
        }

        CompletableFuture<LoadedModel> model() {
            return model;
        }

        boolean displaces(Entry other) {
            return other != this && !Key.of(other.version).equals(kept);
        }

        boolean isReady() {
            return model.isDone() && !model.isCompletedExceptionally();
        }

        /** Its threads have ended with an error. */
        boolean isDead() {
            return isReady() && model.join().isClosed();
        }

        /** Now, or as soon as it is loaded. */
        void close() {
            var unused = model.thenAccept(LoadedModel::close);
        }
    }

    /**
     * What is known of one.
     *
     * @param model null while it is being loaded
     */
    record View(ModelVersion version, long bytes, @Nullable LoadedModel model) {}

    /** In the order of their last use. */
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final Models models;
    private final Engine engine;
    private final ServingProperties properties;
    private final MeterRegistry registry;
    private final Clock clock;

    LoadedModels(Models models, Engine engine, ServingProperties properties, MeterRegistry registry, Clock clock) {
        this.models = models;
        this.engine = engine;
        this.properties = properties;
        this.registry = registry;
        this.clock = clock;
        Gauge.builder("trainyard.serving.versions", this, loaded -> loaded.all().size())
                .description("Versions that are loaded, or about to be")
                .register(registry);
        Gauge.builder("trainyard.serving.memory", this, loaded -> loaded.all().stream()
                        .mapToLong(View::bytes)
                        .sum())
                .description("Memory that the loaded versions may take, as it was estimated")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("trainyard.serving.memory.limit", properties, ServingProperties::memoryBudget)
                .description("Memory that loaded versions may take together")
                .baseUnit("bytes")
                .register(registry);
    }

    /**
     * A version, ready to answer.
     *
     * @return fails with ProblemException, ARTIFACT_DAMAGED
     * @throws ProblemException INSUFFICIENT_MEMORY when it alone is over the budget
     */
    CompletableFuture<LoadedModel> get(ModelVersion version) {
        return get(version, null);
    }

    /**
     * A version, ready to answer beside another, which is not displaced for it.
     *
     * @return fails with ProblemException, ARTIFACT_DAMAGED
     * @throws ProblemException INSUFFICIENT_MEMORY when both together are over the budget
     */
    CompletableFuture<LoadedModel> getBeside(ModelVersion version, ModelVersion other) {
        long bytes = properties.bytes(version) + properties.bytes(other);
        if (bytes > properties.memoryBudget() || properties.maxLoaded() < 2) {
            throw new ProblemException(
                    ProblemType.INSUFFICIENT_MEMORY,
                    "Versions " + version.version() + " and " + other.version() + " of " + version.model()
                            + " cannot be loaded together (trainyard.serving.memory, max-loaded).");
        }
        return get(version, Key.of(other));
    }

    /** A version, if it is ready to answer. Another counts as used after it: of the two it makes way first. */
    Optional<LoadedModel> findReady(ModelVersion version, ModelVersion other) {
        synchronized (entries) {
            Optional<Entry> entry = Optional.ofNullable(entries.get(Key.of(version)));
            // Looking is using.
            find(other.model(), other.version());
            return entry.filter(found -> found.isReady() && !found.isDead())
                    .map(found -> found.model().join());
        }
    }

    private CompletableFuture<LoadedModel> get(ModelVersion version, @Nullable Key kept) {
        Key key = Key.of(version);
        Entry entry;
        synchronized (entries) {
            Entry current = entries.get(key);
            if (current != null && !current.model().isCompletedExceptionally() && !current.isDead()) {
                return current.model();
            }
            if (current != null) {
                current.meters().close();
            }
            entry = load(version, kept);
            entries.put(key, entry);
        }
        // Not within the lock: it may be done already.
        var unused = entry.model().whenComplete((model, failure) -> settle(key, entry, model, failure));
        return entry.model();
    }

    private Entry load(ModelVersion version, @Nullable Key kept) {
        long bytes = properties.bytes(version);
        if (bytes > properties.memoryBudget()) {
            throw new ProblemException(
                    ProblemType.INSUFFICIENT_MEMORY,
                    "Version " + version.version() + " of " + version.model() + " needs about "
                            + DataSize.ofBytes(bytes).toMegabytes()
                            + " MB to be served; all versions together may take "
                            + DataSize.ofBytes(properties.memoryBudget()).toMegabytes()
                            + " MB (trainyard.serving.memory).");
        }
        VersionMeters meters = new VersionMeters(registry, version);
        return new Entry(
                version,
                bytes,
                meters,
                LoadedModel.load(
                        version,
                        () -> models.artifact(version),
                        engine,
                        properties.batching(version.model()),
                        meters::batch,
                        clock::instant),
                kept);
    }

    private void settle(Key key, Entry entry, @Nullable LoadedModel loaded, @Nullable Throwable failure) {
        List<Entry> leaving = new ArrayList<>();
        synchronized (entries) {
            if (failure != null && entries.remove(key, entry)) {
                entry.meters().close();
            } else if (loaded != null && entries.get(key) == entry) {
                log.info("loaded {} version {}", key.model(), key.version());
                entry.meters().ready(loaded);
                makeRoom(entry, leaving);
            }
        }
        leaving.forEach(LoadedModels::free);
    }

    private void makeRoom(Entry newest, List<Entry> leaving) {
        // What is still being loaded has displaced nobody yet.
        List<Entry> byUse = entries.values().stream().filter(Entry::isReady).toList();
        long bytes = byUse.stream().mapToLong(Entry::bytes).sum();
        int count = byUse.size();
        for (Entry oldest : byUse) {
            if (bytes <= properties.memoryBudget() && count <= properties.maxLoaded()) {
                return;
            }
            if (newest.displaces(oldest)) {
                entries.values().remove(oldest);
                oldest.meters().close();
                leaving.add(oldest);
                bytes -= oldest.bytes();
                count--;
            }
        }
    }

    private static void free(Entry entry) {
        entry.close();
        log.info(
                "unloaded {} version {}",
                entry.version().model(),
                entry.version().version());
    }

    /** Frees a version's memory when what waits for it has been answered. */
    void unload(String model, int version) {
        Entry entry;
        synchronized (entries) {
            entry = entries.remove(new Key(model, version));
            if (entry != null) {
                entry.meters().close();
            }
        }
        if (entry != null) {
            free(entry);
        }
    }

    /** The meters of a version that is loaded, or about to be. */
    Optional<VersionMeters> meters(ModelVersion version) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(Key.of(version))).map(Entry::meters);
        }
    }

    /** A version that is loaded, or about to be. */
    Optional<ModelVersion> find(String model, int version) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(new Key(model, version))).map(Entry::version);
        }
    }

    /** All of them, the last used first. */
    List<View> all() {
        List<View> views = new ArrayList<>();
        synchronized (entries) {
            entries.values()
                    .forEach(entry -> views.add(new View(
                            entry.version(),
                            entry.bytes(),
                            entry.isReady() ? entry.model().join() : null)));
        }
        Collections.reverse(views);
        return views;
    }

    @Override
    public void destroy() {
        List<Entry> leaving;
        synchronized (entries) {
            leaving = List.copyOf(entries.values());
            entries.clear();
        }
        leaving.forEach(Entry::close);
    }
}
