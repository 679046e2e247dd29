package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.trainyard.Service;
import io.trainyard.engine.Engine;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A candidate makes others leave memory, but not the version beside which it is. */
class BesideTest {

    private static final Service SERVICE = Service.shared();
    private static final List<ModelVersion> VERSIONS = new ArrayList<>();

    @BeforeAll
    static void trains() {
        for (int version = 1; version <= 3; version++) {
            SERVICE.await(SERVICE.submit(Service.irisJob("beside", 1)), "SUCCEEDED");
            VERSIONS.add(SERVICE.bean(Models.class).get("beside", version));
        }
    }

    @Test
    void theOneBesideItIsNotDisplacedThoughItWasUsedLongestAgo() {
        LoadedModels loaded = loaded(DataSize.ofGigabytes(1), 2);
        try {
            loaded.get(VERSIONS.get(0)).join();
            loaded.get(VERSIONS.get(1)).join();
            loaded.getBeside(VERSIONS.get(2), VERSIONS.get(0)).join();
            assertThat(versions(loaded)).containsExactlyInAnyOrder(1, 3);
        } finally {
            loaded.destroy();
        }
    }

    @Test
    void ofTheTwoItMakesWayFirst() {
        LoadedModels loaded = loaded(DataSize.ofGigabytes(1), 2);
        try {
            loaded.get(VERSIONS.get(0)).join();
            loaded.getBeside(VERSIONS.get(1), VERSIONS.get(0)).join();
            assertThat(loaded.findReady(VERSIONS.get(1), VERSIONS.get(0))).isPresent();
            loaded.get(VERSIONS.get(2)).join();
            assertThat(versions(loaded)).containsExactlyInAnyOrder(1, 3);
            assertThat(loaded.findReady(VERSIONS.get(1), VERSIONS.get(0))).isEmpty();
        } finally {
            loaded.destroy();
        }
    }

    @Test
    void whatDoesNotFitBesideItIsRefused() {
        ServingProperties measure = properties(DataSize.ofGigabytes(1), 2);
        long one = measure.bytes(VERSIONS.get(0));
        LoadedModels loaded = loaded(DataSize.ofBytes(one * 3 / 2), 2);
        try {
            loaded.get(VERSIONS.get(0)).join();
            assertThatThrownBy(() -> loaded.getBeside(VERSIONS.get(1), VERSIONS.get(0)))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.type())
                            .isEqualTo(ProblemType.INSUFFICIENT_MEMORY));
            assertThat(versions(loaded)).containsExactly(1);
        } finally {
            loaded.destroy();
        }
    }

    private static LoadedModels loaded(DataSize memory, int maxLoaded) {
        return new LoadedModels(
                SERVICE.bean(Models.class),
                SERVICE.bean(Engine.class),
                properties(memory, maxLoaded),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    private static ServingProperties properties(DataSize memory, int maxLoaded) {
        return new ServingProperties(
                memory, maxLoaded, 1, 64, 100, 128, Duration.ZERO, null, Map.of(), Duration.ofSeconds(30));
    }

    private static List<Integer> versions(LoadedModels loaded) {
        return loaded.all().stream().map(view -> view.version().version()).toList();
    }
}
