package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Versions are loaded when they are asked for, or told to be; what they do can be measured. */
class LoadedVersionsTest {

    private static final Service SERVICE = Service.shared();

    @BeforeAll
    static void trains() {
        for (int version = 1; version <= 2; version++) {
            SERVICE.await(SERVICE.submit(Service.irisJob("loaded", version)), "SUCCEEDED");
        }
    }

    @Test
    void versionsAreLoadedAndUnloadedOnDemand() {
        JsonNode loaded = json(SERVICE.post("/api/v1/models/loaded/versions/1/load", ""), 200);
        assertThat(loaded.get("model").stringValue()).isEqualTo("loaded");
        assertThat(loaded.get("version").intValue()).isEqualTo(1);
        assertThat(loaded.get("bytes").longValue()).isPositive();
        assertThat(loaded.get("loaded_at").stringValue()).isNotEmpty();
        assertThat(json(SERVICE.post("/api/v1/models/loaded/versions/1/load", ""), 200))
                .isEqualTo(loaded);
        JsonNode serving = json(SERVICE.get("/api/v1/serving"), 200);
        assertThat(serving.get("items").get(0)).isEqualTo(loaded);
        assertThat(serving.get("bytes").longValue())
                .isLessThanOrEqualTo(serving.get("budget_bytes").longValue());

        predict(2);
        predict(1);
        assertThat(versions()).startsWith("loaded/1", "loaded/2");
        predict(2);
        assertThat(versions()).startsWith("loaded/2", "loaded/1");

        for (int i = 0; i < 2; i++) {
            assertThat(SERVICE.post("/api/v1/models/loaded/versions/1/unload", "")
                            .statusCode())
                    .isEqualTo(204);
        }
        assertThat(versions()).doesNotContain("loaded/1").contains("loaded/2");
        predict(1);
        assertThat(versions()).startsWith("loaded/1");

        assertThat(SERVICE.post("/api/v1/models/loaded/versions/9/load", "").statusCode())
                .isEqualTo(404);
        assertThat(SERVICE.post("/api/v1/models/none/versions/1/unload", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void requestsGoOnWhileTheirVersionIsUnloaded() throws Exception {
        JsonNode expected = predict(1);
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> asks = () -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(predict(1)).isEqualTo(expected);
                }
                return true;
            };
            List<Future<Boolean>> running =
                    IntStream.range(0, 4).mapToObj(i -> clients.submit(asks)).toList();
            while (!running.stream().allMatch(Future::isDone)) {
                assertThat(SERVICE.post("/api/v1/models/loaded/versions/1/unload", "")
                                .statusCode())
                        .isEqualTo(204);
            }
            for (Future<Boolean> client : running) {
                assertThat(client.get()).isTrue();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void metersTellOfEachVersionWhileItIsLoaded() {
        predict(2);
        SERVICE.post("/api/v1/models/loaded/versions/2/unload", "");
        assertThat(meters()).noneMatch(line -> line.contains("version=\"2\""));
        for (int i = 0; i < 3; i++) {
            predict(2);
        }
        assertThat(SERVICE.post("/predict", "{\"model\": \"loaded\", \"version\": 2, \"instances\": [[1]]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(meters())
                .contains(
                        "trainyard_serving_requests_seconds_count{model=\"loaded\",version=\"2\"} 3",
                        "trainyard_serving_failures_total{model=\"loaded\",problem=\"invalid-instance\",version=\"2\"} 1.0",
                        "trainyard_serving_batch_rows_count{model=\"loaded\",version=\"2\"} 3",
                        "trainyard_serving_batch_rows_sum{model=\"loaded\",version=\"2\"} 6.0",
                        "trainyard_serving_queue_requests{model=\"loaded\",version=\"2\"} 0.0");
    }

    /** The shared service states a p99 for this model alone. */
    @Test
    void statedP99IsTunedForAndShown() throws Exception {
        SERVICE.await(SERVICE.submit(Service.irisJob("adaptive", 1)), "SUCCEEDED");
        JsonNode before = json(SERVICE.post("/api/v1/models/adaptive/versions/1/load", ""), 200)
                .get("batching");
        assertThat(before.get("target_p99_ms").doubleValue()).isEqualTo(10_000);
        assertThat(before.get("max_delay_ms").doubleValue()).isZero();
        JsonNode expected = predict("adaptive", 1);
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            List<Future<JsonNode>> answers = IntStream.range(0, 600)
                    .mapToObj(i -> clients.submit(() -> predict("adaptive", 1)))
                    .toList();
            for (Future<JsonNode> answer : answers) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        } finally {
            clients.shutdownNow();
        }
        JsonNode after = json(SERVICE.post("/api/v1/models/adaptive/versions/1/load", ""), 200)
                .get("batching");
        assertThat(after.get("p99_ms").doubleValue()).isPositive();
        assertThat(after.get("max_delay_ms").doubleValue()).isPositive();
        JsonNode fixed = json(SERVICE.post("/api/v1/models/loaded/versions/1/load", ""), 200)
                .get("batching");
        assertThat(fixed.get("max_batch_size").intValue()).isEqualTo(128);
        assertThat(fixed.has("target_p99_ms")).isFalse();
    }

    private static List<String> meters() {
        return SERVICE.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("trainyard_serving_") && line.contains("model=\"loaded\""))
                .toList();
    }

    private static List<String> versions() {
        return json(SERVICE.get("/api/v1/serving"), 200)
                .get("items")
                .valueStream()
                .map(item -> item.get("model").stringValue() + "/" + item.get("version"))
                .toList();
    }

    private static JsonNode predict(int version) {
        return predict("loaded", version);
    }

    private static JsonNode predict(String model, int version) {
        return json(
                        SERVICE.post(
                                "/predict",
                                "{\"model\": \"%s\", \"version\": %d, \"instances\": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}"
                                        .formatted(model, version)),
                        200)
                .get("predictions");
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Service.json(answer);
    }
}
