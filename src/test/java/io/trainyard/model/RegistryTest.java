package io.trainyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A version is what it was published as; aliases move between versions, one at a time, and remember where they were. */
class RegistryTest {

    private final Service service = Service.shared();

    @Test
    void aliasMovesIsComparedAndRemembersWhereItWas() {
        train("moved", 3);
        JsonNode first = json(put("moved", "production", "{\"version\": 1, \"expected_version\": 0}"), 200);
        assertThat(predict("moved", "production")).isEqualTo(1);
        JsonNode second = json(put("moved", "production", "{\"version\": 2, \"expected_version\": 1}"), 200);
        assertThat(predict("moved", "production")).isEqualTo(2);

        HttpResponse<String> late = put("moved", "production", "{\"version\": 3, \"expected_version\": 1}");
        assertThat(json(late, 409).get("type").stringValue()).isEqualTo("/problems/alias-moved");
        assertThat(late.body()).contains("points at version 2");
        assertThat(predict("moved", "production")).isEqualTo(2);

        json(send("POST", "/aliases/production/rollback?expected_version=2", "moved", ""), 200);
        assertThat(predict("moved", "production")).isEqualTo(1);
        assertThat(json(send("GET", "", "moved", ""), 200)
                        .at("/aliases/production")
                        .intValue())
                .isEqualTo(1);

        assertThat(at("moved", first.get("moved_at").stringValue())).isEqualTo(1);
        assertThat(at("moved", second.get("moved_at").stringValue())).isEqualTo(2);
        assertThat(at("moved", Instant.now().plusSeconds(60).toString())).isEqualTo(1);
        assertThat(at("moved", "%2B999999-01-01T00:00:00Z")).isEqualTo(1);
        assertThat(send("GET", "/aliases/production?at=2026-01-01T00:00:00Z", "moved", "")
                        .statusCode())
                .isEqualTo(404);

        assertThat(send("DELETE", "/aliases/production", "moved", "").statusCode())
                .isEqualTo(204);
        assertThat(service.post("/predict", request("moved", "\"production\"")).statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/aliases/production", "moved", "").statusCode()).isEqualTo(404);
        JsonNode history = json(send("GET", "/aliases/production/history", "moved", ""), 200);
        assertThat(history.get("items")
                        .valueStream()
                        .map(move -> move.path("previous_version").asInt(0) + ">"
                                + move.path("version").asInt(0)))
                .containsExactly("1>0", "2>1", "1>2", "0>1");
        JsonNode page = json(send("GET", "/aliases/production/history?limit=3", "moved", ""), 200);
        JsonNode rest = json(
                send(
                        "GET",
                        "/aliases/production/history?limit=3&cursor="
                                + page.get("next_cursor").stringValue(),
                        "moved",
                        ""),
                200);
        assertThat(rest.get("items")).containsExactly(history.at("/items/3"));
    }

    @Test
    void ofRacingMovesOneWins() throws Exception {
        train("raced", 2);
        json(put("raced", "production", "{\"version\": 1}"), 200);
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(
                        clients.submit(() -> put("raced", "production", "{\"version\": 2, \"expected_version\": 1}")));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : answers) {
                statuses.add(answer.get().statusCode());
            }
            assertThat(statuses).containsOnly(200, 409);
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void versionThatAnAliasPointsAtIsNotDeletedAndNoNumberIsGivenTwice() {
        List<String> jobs = train("deleted", 2);
        json(put("deleted", "production", "{\"version\": 2}"), 200);
        HttpResponse<String> refused = send("DELETE", "/versions/2", "deleted", "");
        assertThat(json(refused, 409).get("type").stringValue()).isEqualTo("/problems/version-in-use");
        assertThat(refused.body()).contains("production");

        json(put("deleted", "production", "{\"version\": 1}"), 200);
        assertThat(predict("deleted", "2")).isEqualTo(2);
        assertThat(send("DELETE", "/versions/2", "deleted", "").statusCode()).isEqualTo(204);
        assertThat(send("DELETE", "/versions/2", "deleted", "").statusCode()).isEqualTo(404);
        assertThat(service.post("/predict", request("deleted", "2")).statusCode())
                .isEqualTo(404);
        assertThat(predict("deleted", "latest")).isEqualTo(1);
        HttpResponse<String> back = send("POST", "/aliases/production/rollback", "deleted", "");
        assertThat(json(back, 409).get("type").stringValue()).isEqualTo("/problems/nothing-to-roll-back");
        assertThat(service.job(jobs.get(1)).at("/result/metrics")).isEmpty();

        train("deleted", 1);
        assertThat(predict("deleted", "latest")).isEqualTo(3);
        assertThat(json(send("GET", "", "deleted", ""), 200)
                        .get("versions")
                        .valueStream()
                        .map(version -> version.get("version").intValue()))
                .containsExactly(3, 1);
    }

    @Test
    void versionThatALiveJobGoesOnFromIsNotDeleted() {
        train("held", 2);
        String job = service.submit("""
                {"model": "held-on", "dataset": "iris", "network": {"base": {"model": "held", "version": 1}},
                 "training": {"epochs": 100000}}""");
        HttpResponse<String> refused = send("DELETE", "/versions/1", "held", "");
        assertThat(json(refused, 409).get("type").stringValue()).isEqualTo("/problems/version-in-use");
        assertThat(refused.body()).contains(job);
        service.post("/api/v1/jobs/" + job + "/cancel", "");
        service.await(job, "CANCELLED");
        assertThat(send("DELETE", "/versions/1", "held", "").statusCode()).isEqualTo(204);
        assertThat(service.post("/api/v1/jobs", """
                                {"model": "held-on", "dataset": "iris",
                                 "network": {"base": {"model": "held", "version": 1}}, "training": {"epochs": 1}}""").statusCode()).isEqualTo(404);
    }

    @Test
    void modelWithoutVersionsIsStillThere() {
        train("emptied", 1);
        assertThat(send("DELETE", "/versions/1", "emptied", "").statusCode()).isEqualTo(204);
        JsonNode model = json(send("GET", "", "emptied", ""), 200);
        assertThat(model.has("latest_version")).isFalse();
        assertThat(model.get("versions")).isEmpty();
        assertThat(service.get("/api/v1/models?limit=500").body()).contains("\"emptied\"");
        assertThat(service.post("/predict", request("emptied", "\"latest\"")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void descriptionsAndTagsChangeAndAllElseDoesNot() {
        train("described", 1);
        JsonNode before = json(send("GET", "/versions/1", "described", ""), 200);
        assertThat(before.get("description").stringValue()).isEmpty();
        json(send("PATCH", "/versions/1", "described", "{\"description\": \"first\", \"tags\": {\"a\": \"b\"}}"), 200);
        JsonNode after = json(send("PATCH", "/versions/1", "described", "{\"tags\": {\"c\": \"d\"}}"), 200);
        assertThat(after.get("description").stringValue()).isEqualTo("first");
        assertThat(after.get("tags")).hasToString("{\"c\":\"d\"}");
        assertThat(after.get("artifact")).isEqualTo(before.get("artifact"));
        assertThat(after.get("lineage")).isEqualTo(before.get("lineage"));

        JsonNode model = json(send("PATCH", "", "described", "{\"description\": \"flowers\"}"), 200);
        assertThat(model.get("description").stringValue()).isEqualTo("flowers");
        assertThat(model.at("/versions/0/tags")).hasToString("{\"c\":\"d\"}");
        assertThat(send("PATCH", "/versions/2", "described", "{}").statusCode()).isEqualTo(404);
        assertThat(send("PATCH", "", "never-made", "{}").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    latest     | {"version": 1}                            | 422
                    7          | {"version": 1}                            | 422
                    Production | {"version": 1}                            | 422
                    production | {"version": 0}                            | 422
                    production | {}                                        | 422
                    production | {"version": "one"}                        | 400
                    production | {"version": 1, "expected": 1}             | 400
                    production | {"version": 2}                            | 404
                    """)
    void whatIsNoAliasOrNoVersionIsRefused(String alias, String body, int status) {
        if (service.get("/api/v1/models/strict").statusCode() == 404) {
            train("strict", 1);
        }
        assertThat(put("strict", alias, body).statusCode()).isEqualTo(status);
        assertThat(json(send("GET", "/aliases", "strict", ""), 200).get("items"))
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(json(send("GET", "/aliases", "never-made", ""), 200).get("items"))
                .isEmpty();
        for (String path : List.of("/aliases/a", "/aliases/a/history")) {
            assertThat(send("GET", path, "never-made", "").statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(put("never-made", "a", "{\"version\": 1}").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/aliases/a/rollback", "never-made", "").statusCode())
                .isEqualTo(404);
        assertThat(send("DELETE", "/aliases/a", "never-made", "").statusCode()).isEqualTo(404);
    }

    /** Publishes further versions of a model; returns their jobs. */
    private List<String> train(String model, int count) {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = service.submit(Service.irisJob(model, 1));
            service.await(id, "SUCCEEDED");
            jobs.add(id);
        }
        return jobs;
    }

    /** Returns the version that answered. */
    private int predict(String model, String version) {
        String choice = version.matches("[0-9]+") ? version : "\"" + version + "\"";
        return json(service.post("/predict", request(model, choice)), 200)
                .get("version")
                .intValue();
    }

    private static String request(String model, String version) {
        return "{\"model\": \"%s\", \"version\": %s, \"instances\": [[5.1, 3.5, 1.4, 0.2]]}".formatted(model, version);
    }

    private int at(String model, String time) {
        return json(send("GET", "/aliases/production?at=" + time, model, ""), 200)
                .get("version")
                .intValue();
    }

    private HttpResponse<String> put(String model, String alias, String body) {
        return send("PUT", "/aliases/" + alias, model, body);
    }

    private HttpResponse<String> send(String method, String path, String model, String body) {
        return service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/" + model + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Service.json(answer);
    }
}
