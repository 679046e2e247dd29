package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Ten times as many requests as may wait: each is answered rightly or refused at once, and nothing is left of them. */
class OverloadTest {

    private static final Service SERVICE = Service.shared();
    /** Ten times the queue, {@code trainyard.serving.max-queued}. */
    private static final int REQUESTS = 640;

    /** 17 million multiplications a row: 50 rows take a while. */
    private static final String SLOW_JOB = """
            {"model": "overloaded", "dataset": "iris",
             "network": {"layers": [{"type": "dense", "units": 4096, "activation": "relu"},
                                    {"type": "dense", "units": 4096, "activation": "relu"},
                                    {"type": "dense", "units": 3, "activation": "softmax"}]},
             "training": {"epochs": 1, "seed": 3, "optimizer": {"type": "sgd", "learning_rate": 0.001}}}
            """;

    @Test
    void tenTimesCapacityIsAnsweredRightlyOrRefused() {
        assertThat(SERVICE.await(SERVICE.submit(SLOW_JOB), "SUCCEEDED", "FAILED")
                        .get("status")
                        .stringValue())
                .isEqualTo("SUCCEEDED");
        JsonNode row = Service.json(SERVICE.get("/api/v1/datasets/iris/versions/1/rows?split=test&limit=1"))
                .at("/items/0/instance");
        String body = "{\"model\": \"overloaded\", \"instances\": ["
                + String.join(",", Collections.nCopies(50, row.toString())) + "]}";
        HttpResponse<String> alone = SERVICE.post("/predict", body);
        assertThat(alone.statusCode()).isEqualTo(200);

        // A client of its own, since one keeps its connections.
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(SERVICE.uri("/predict"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, REQUESTS)
                .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .toList();
        Map<Integer, List<HttpResponse<String>>> answers =
                calls.stream().map(CompletableFuture::join).collect(Collectors.groupingBy(HttpResponse::statusCode));

        assertThat(answers).containsOnlyKeys(200, 429);
        JsonNode expected = Service.json(alone).get("predictions");
        assertThat(answers.get(200))
                .allSatisfy(answer ->
                        assertThat(Service.json(answer).get("predictions")).isEqualTo(expected));
        assertThat(answers.get(429)).allSatisfy(refused -> {
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(Service.json(refused).get("type").stringValue()).endsWith("capacity-exceeded");
        });
        assertThat(SERVICE.post("/predict", body).statusCode()).isEqualTo(200);
        JsonNode loaded = Service.json(SERVICE.get("/api/v1/serving")).get("items");
        assertThat(loaded.valueStream()
                        .filter(item -> item.get("model").stringValue().equals("overloaded"))
                        .map(item -> item.get("queued").intValue()))
                .containsExactly(0);
    }
}
