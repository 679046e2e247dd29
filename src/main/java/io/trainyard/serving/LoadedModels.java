package io.trainyard.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.trainyard.engine.Engine;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The model versions in memory: each loaded once, however many ask at the same time, its checksum verified. */
@Component
@Profile("api")
class LoadedModels implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(LoadedModels.class);

    private record Key(String model, int version) {}

    private final Cache<Key, LoadedModel> loaded;
    private final Models models;
    private final Engine engine;
    private final ServingProperties properties;

    LoadedModels(Models models, Engine engine, ServingProperties properties) {
        this.models = models;
        this.engine = engine;
        this.properties = properties;
        this.loaded = Caffeine.newBuilder()
                .maximumSize(properties.maxLoaded())
                .removalListener((@Nullable Key key, @Nullable LoadedModel model, RemovalCause cause) -> close(model))
                .build();
    }

    /**
     * A version, ready to answer.
     *
     * @throws io.trainyard.problem.ProblemException ARTIFACT_DAMAGED
     */
    LoadedModel get(ModelVersion version) {
        Key key = new Key(version.model(), version.version());
        LoadedModel model = loaded.get(key, missing -> load(version));
        if (model.isClosed() && loaded.asMap().remove(key, model)) {
            // Its thread has ended with an error.
            return loaded.get(key, missing -> load(version));
        }
        return model;
    }

    /** Frees a version's memory when what waits for it has been answered. */
    void unload(String model, int version) {
        loaded.invalidate(new Key(model, version));
    }

    /** A version that is loaded. */
    Optional<ModelVersion> find(String model, int version) {
        return Optional.ofNullable(loaded.getIfPresent(new Key(model, version))).map(LoadedModel::version);
    }

    private LoadedModel load(ModelVersion version) {
        long begun = System.nanoTime();
        LoadedModel model = LoadedModel.load(version, models.artifact(version), engine, properties.batching());
        log.info(
                "loaded {} version {} in {} ms",
                version.model(),
                version.version(),
                (System.nanoTime() - begun) / 1_000_000);
        return model;
    }

    private static void close(@Nullable LoadedModel model) {
        if (model != null) {
            model.close();
        }
    }

    @Override
    public void destroy() {
        loaded.invalidateAll();
    }
}
