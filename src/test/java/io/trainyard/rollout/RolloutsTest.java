package io.trainyard.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.trainyard.Service;
import io.trainyard.model.Models;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * A candidate behind an alias answers its share of the requests or none, never fails one, and what is said of it adds up; one
 * call ends it, either way.
 */
class RolloutsTest {

    private static final Service SERVICE = Service.shared();
    private static final String MODEL = "rolled";
    private static final String INSTANCES = "[[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3], [6.0, 2.7, 4.5, 1.5]]";
    private static final int ROWS = 3;

    /** What versions 1 to 3 say of the instances. */
    private static final List<JsonNode> EXPECTED = new ArrayList<>();

    @BeforeAll
    static void trains() {
        // The first has hardly learned, and takes setosa for virginica.
        SERVICE.await(
                SERVICE.submit(
                        Service.irisJob(MODEL, 1).replace("\"learning_rate\": 0.02", "\"learning_rate\": 0.001")),
                "SUCCEEDED");
        for (int epochs : new int[] {30, 60}) {
            SERVICE.await(SERVICE.submit(Service.irisJob(MODEL, epochs)), "SUCCEEDED");
        }
        // Takes other rows.
        SERVICE.await(SERVICE.submit("""
                {"model": "%s", "dataset": "digits",
                 "network": {"layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]},
                 "training": {"epochs": 1}}""".formatted(MODEL)), "SUCCEEDED");
        for (int version = 1; version <= 3; version++) {
            EXPECTED.add(json(predict(String.valueOf(version)), 200).get("predictions"));
        }
    }

    @Test
    void shadowChangesNoAnswerAndItsFiguresAddUp() throws Exception {
        alias("shadowed", 1);
        json(begin("shadowed", "{\"candidate\": 2, \"mode\": \"shadow\"}"), 200);
        int requests = 80;
        for (JsonNode answer : inParallel(4, requests, i -> predict("\"shadowed\"", "X-Request-Id", "shadowed-" + i))) {
            assertThat(answer.get("version").intValue()).isEqualTo(1);
            assertThat(answer.get("predictions")).isEqualTo(EXPECTED.get(0));
        }
        JsonNode figures = awaitFigures("shadowed", found -> shadowed(found) == requests);
        JsonNode shadow = figures.get("shadow");
        int compared = shadow.get("compared").intValue();
        assertThat(figures.at("/version/answered").intValue()).isEqualTo(requests);
        assertThat(figures.at("/version/latency/count").intValue()).isEqualTo(requests);
        assertThat(compared).isPositive();
        assertThat(shadow.get("failed")).isEmpty();
        assertThat(figures.at("/candidate_latency/count").intValue()).isEqualTo(compared);
        assertThat(figures.at("/candidate_latency/p50_ms").doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(figures.at("/candidate_latency/p99_ms").doubleValue());
        assertThat(figures.at("/canary/answered").intValue()).isZero();

        int agreed = 0;
        double difference = 0;
        for (int row = 0; row < ROWS; row++) {
            JsonNode one = EXPECTED.get(0).get(row);
            JsonNode other = EXPECTED.get(1).get(row);
            agreed += one.get("label").equals(other.get("label")) ? 1 : 0;
            for (int i = 0; i < 3; i++) {
                difference = Math.max(
                        difference,
                        Math.abs(one.at("/probabilities/" + i).doubleValue()
                                - other.at("/probabilities/" + i).doubleValue()));
            }
        }
        assertThat(agreed).isLessThan(ROWS);
        assertThat(shadow.get("rows").intValue()).isEqualTo(compared * ROWS);
        assertThat(shadow.get("rows_agreed").intValue()).isEqualTo(compared * agreed);
        assertThat(shadow.get("agreement").doubleValue()).isEqualTo((double) agreed / ROWS);
        assertThat(shadow.get("largest_difference").doubleValue()).isCloseTo(difference, Offset.offset(1e-5));

        JsonNode page = json(get("shadowed", "/rollout/disagreements?limit=1"), 200);
        JsonNode disagreement = page.at("/items/0");
        assertThat(disagreement.get("request_id").stringValue()).startsWith("shadowed-");
        int row = List.of(5.1, 6.8, 6.0).indexOf(disagreement.at("/instance/0").doubleValue());
        assertThat(disagreement.at("/version/label"))
                .isEqualTo(EXPECTED.get(0).get(row).get("label"));
        assertThat(disagreement.at("/candidate/label"))
                .isEqualTo(EXPECTED.get(1).get(row).get("label"));
        JsonNode rest = json(
                get(
                        "shadowed",
                        "/rollout/disagreements?limit=100&cursor="
                                + page.get("next_cursor").stringValue()),
                200);
        assertThat(rest.get("items")).hasSize(Math.min(100, compared * (ROWS - agreed)) - 1);
        assertThat(rest.has("next_cursor")).isFalse();

        assertThat(meters("shadowed"))
                .contains("trainyard_rollout_requests_total{alias=\"shadowed\",candidate=\"2\",model=\"rolled\","
                        + "outcome=\"compared\"} " + compared + ".0")
                .contains("trainyard_rollout_rows_total{agreed=\"true\",alias=\"shadowed\",candidate=\"2\","
                        + "model=\"rolled\"} " + compared * agreed + ".0");
    }

    @Test
    void canaryAnswersItsShareAndKeepsItsClients() throws Exception {
        alias("canary", 1);
        beginAndAwaitReady("canary", 2);
        json(begin("canary", "{\"candidate\": 2, \"mode\": \"canary\", \"weight\": 0.25}"), 200);
        int clients = 1000;
        Set<Integer> quarter = clientsOfCandidate("canary", clients, 0.25);
        json(begin("canary", "{\"candidate\": 2, \"mode\": \"canary\", \"weight\": 0.5}"), 200);
        assertThat(clientsOfCandidate("canary", clients, 0.5)).containsAll(quarter);
        JsonNode rollout = json(get("canary", "/rollout"), 200);
        assertThat(rollout.at("/figures/version/answered").intValue()
                        + rollout.at("/figures/canary/answered").intValue())
                .isGreaterThanOrEqualTo(2 * clients);
        assertThat(rollout.get("weight").doubleValue()).isEqualTo(0.5);
    }

    @Test
    void shareWithoutKeysIsThatOfTheRequests() throws Exception {
        alias("random", 1);
        beginAndAwaitReady("random", 2);
        json(begin("random", "{\"candidate\": 2, \"mode\": \"canary\", \"weight\": 0.1}"), 200);
        int requests = 1000;
        long ofCandidate = inParallel(4, requests, i -> predict("\"random\"")).stream()
                .filter(answer -> answer.get("version").intValue() == 2)
                .count();
        assertWithinBinomialBounds(ofCandidate, requests, 0.1);
        for (String version : List.of("1", "2", "3")) {
            assertThat(json(predict(version), 200).get("version")).hasToString(version);
        }
    }

    @Test
    void canaryAnswersInEveryProtocolUnderItsOwnName() {
        alias("protocols", 1);
        beginAndAwaitReady("protocols", 2);
        JsonNode v2 = json(SERVICE.post("/v2/models/rolled/versions/protocols/infer", """
                                {"inputs": [{"name": "input", "shape": [3, 4], "datatype": "FP32", "data": %s}]}
                                """.formatted(INSTANCES)), 200);
        assertThat(v2.get("model_version").stringValue()).isEqualTo("2");
        double expected = EXPECTED.get(1).at("/0/probabilities/0").doubleValue();
        assertThat(v2.at("/outputs/0/data/0").doubleValue()).isCloseTo(expected, Offset.offset(1e-5));
        JsonNode v1 = json(
                SERVICE.post("/v1/models/rolled/labels/protocols:predict", "{\"instances\": " + INSTANCES + "}"), 200);
        assertThat(v1.at("/predictions/0/0").doubleValue()).isCloseTo(expected, Offset.offset(1e-5));
        // What asks about the alias, not through it, is told of the alias.
        assertThat(json(get("protocols", ""), 200).get("version").intValue()).isEqualTo(1);
    }

    @Test
    void damagedCandidateFailsNoRequest() throws Exception {
        SERVICE.await(SERVICE.submit(Service.irisJob("damaged-candidate", 1)), "SUCCEEDED");
        SERVICE.await(SERVICE.submit(Service.irisJob("damaged-candidate", 5)), "SUCCEEDED");
        Models models = SERVICE.bean(Models.class);
        Path artifact = models.artifact(models.get("damaged-candidate", 2));
        byte[] whole = Files.readAllBytes(artifact);
        String rollout = "/api/v1/models/damaged-candidate/aliases/production/rollout";
        put("/api/v1/models/damaged-candidate/aliases/production", "{\"version\": 1}");
        try {
            overwrite(artifact, new byte[whole.length]);
            for (String body : List.of(
                    "{\"candidate\": 2, \"mode\": \"shadow\"}",
                    "{\"candidate\": 2, \"mode\": \"canary\", \"weight\": 1}")) {
                JsonNode begun = json(put(rollout, body), 200);
                String failed =
                        "/figures/" + (body.contains("shadow") ? "shadow" : "canary") + "/failed/artifact-damaged";
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> {
                            JsonNode answer =
                                    json(SERVICE.post("/predict", request("damaged-candidate", "\"production\"")), 200);
                            assertThat(answer.get("version").intValue()).isEqualTo(1);
                            return json(SERVICE.get(rollout), 200).at(failed).asInt(0) > 2;
                        });
                assertThat(json(SERVICE.get(rollout), 200).get("id")).isEqualTo(begun.get("id"));
            }
            JsonNode figures = json(SERVICE.get(rollout), 200).get("figures");
            assertThat(figures.at("/canary/answered").intValue()).isZero();
            assertThat(figures.at("/shadow/compared").intValue()).isZero();
            assertThat(figures.at("/version/answered").intValue())
                    .isEqualTo(shadowed(figures) + sum(figures.at("/canary/failed")));
        } finally {
            overwrite(artifact, whole);
        }
    }

    @Test
    void promotionUnderLoadFailsNoRequestAndEachAnswerIsThatOfItsVersion() throws Exception {
        alias("loaded", 1);
        beginAndAwaitReady("loaded", 2);
        json(begin("loaded", "{\"candidate\": 2, \"mode\": \"canary\", \"weight\": 0.5}"), 200);
        AtomicBoolean promoted = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        Callable<Integer> client = () -> {
            int answers = 0;
            while (!done.get()) {
                boolean after = promoted.get();
                JsonNode answer = json(predict("\"loaded\""), 200);
                int version = answer.get("version").intValue();
                assertThat(version).isIn(after ? List.of(2) : List.of(1, 2));
                assertThat(answer.get("predictions")).isEqualTo(EXPECTED.get(version - 1));
                answers++;
            }
            return answers;
        };
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> running =
                    IntStream.range(0, 4).mapToObj(i -> clients.submit(client)).toList();
            awaitFigures("loaded", figures -> figures.at("/canary/answered").intValue() > 30);
            HttpResponse<String> moved = post("loaded", "/rollout/promote?expected_version=3");
            assertThat(json(moved, 409).get("type").stringValue()).isEqualTo("/problems/alias-moved");
            HttpResponse<String> changed = post("loaded", "/rollout/promote?expected_candidate=3");
            assertThat(json(changed, 409).get("type").stringValue()).isEqualTo("/problems/rollout-changed");
            JsonNode ended = json(post("loaded", "/rollout/promote?expected_version=1&expected_candidate=2"), 200);
            promoted.set(true);
            assertThat(ended.get("outcome").stringValue()).isEqualTo("promoted");
            for (int i = 0; i < 50; i++) {
                assertThat(json(predict("\"loaded\""), 200).get("version").intValue())
                        .isEqualTo(2);
            }
            done.set(true);
            for (Future<Integer> answers : running) {
                assertThat(answers.get()).isPositive();
            }
        } finally {
            done.set(true);
            clients.shutdownNow();
        }
        assertThat(json(get("loaded", ""), 200).get("version").intValue()).isEqualTo(2);
        assertThat(get("loaded", "/rollout").statusCode()).isEqualTo(404);
        assertThat(post("loaded", "/rollout/promote").statusCode()).isEqualTo(404);
    }

    @Test
    void rolloutEndsAsItIsToldOrWithItsAlias() {
        alias("ending", 1);
        String shadow = "{\"candidate\": %d, \"mode\": \"shadow\"}";
        json(begin("ending", shadow.formatted(2)), 200);
        json(begin("ending", shadow.formatted(3)), 200);
        assertThat(json(send("DELETE", "ending", "/rollout", ""), 200)
                        .get("outcome")
                        .stringValue())
                .isEqualTo("rolled_back");
        assertThat(json(get("ending", ""), 200).get("version").intValue()).isEqualTo(1);
        json(begin("ending", shadow.formatted(2)), 200);
        alias("ending", 2);
        json(begin("ending", shadow.formatted(3)), 200);
        alias("ending", 1);
        json(begin("ending", shadow.formatted(2)), 200);
        // Back to where it was before is to the candidate.
        json(send("POST", "ending", "/rollback", ""), 200);
        json(begin("ending", shadow.formatted(3)), 200);
        assertThat(send("DELETE", "ending", "", "").statusCode()).isEqualTo(204);
        assertThat(get("ending", "/rollout").statusCode()).isEqualTo(404);

        JsonNode first = json(get("ending", "/rollouts?limit=4"), 200);
        JsonNode second = json(
                get(
                        "ending",
                        "/rollouts?limit=4&cursor=" + first.get("next_cursor").stringValue()),
                200);
        List<String> outcomes = new ArrayList<>();
        for (JsonNode page : List.of(first, second)) {
            page.get("items")
                    .forEach(item -> outcomes.add(item.get("version") + ">" + item.get("candidate") + " "
                            + item.get("outcome").stringValue()));
        }
        assertThat(outcomes)
                .containsExactly(
                        "2>3 superseded",
                        "1>2 promoted",
                        "2>3 superseded",
                        "1>2 promoted",
                        "1>3 rolled_back",
                        "1>2 superseded");
        assertThat(json(get("ending", "/rollouts/" + first.at("/items/0/id") + "/disagreements"), 200)
                        .get("items"))
                .isEmpty();
    }

    @Test
    void candidateIsNotDeletedWhileItsRolloutIsLive() {
        SERVICE.await(SERVICE.submit(Service.irisJob("kept-candidate", 1)), "SUCCEEDED");
        SERVICE.await(SERVICE.submit(Service.irisJob("kept-candidate", 1)), "SUCCEEDED");
        String model = "/api/v1/models/kept-candidate";
        json(put(model + "/aliases/production", "{\"version\": 1}"), 200);
        json(put(model + "/aliases/production/rollout", "{\"candidate\": 2, \"mode\": \"shadow\"}"), 200);
        HttpRequest.Builder delete =
                HttpRequest.newBuilder(SERVICE.uri(model + "/versions/2")).DELETE();
        HttpResponse<String> refused = SERVICE.send(delete);
        assertThat(json(refused, 409).get("type").stringValue()).isEqualTo("/problems/version-in-use");
        assertThat(refused.body()).contains("candidate", "production");
        json(
                SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(model + "/aliases/production/rollout"))
                        .DELETE()),
                200);
        assertThat(SERVICE.send(delete).statusCode()).isEqualTo(204);
        assertThat(json(SERVICE.get(model + "/aliases/production/rollouts"), 200)
                        .at("/items/0/candidate")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void numbersAgreeWithinTheTolerance() {
        for (int epochs : new int[] {1, 3}) {
            SERVICE.await(SERVICE.submit("""
                    {"model": "rolled-numbers", "dataset": "friedman1",
                     "network": {"layers": [{"type": "dense", "units": 8, "activation": "relu"},
                                            {"type": "dense", "units": 1}]},
                     "training": {"epochs": %d, "seed": 7}}""".formatted(epochs)), "SUCCEEDED");
        }
        String alias = "/api/v1/models/rolled-numbers/aliases/production";
        json(put(alias, "{\"version\": 1}"), 200);
        assertThat(put(alias + "/rollout", "{\"candidate\": 2, \"mode\": \"shadow\"}")
                        .body())
                .contains("/tolerance", "is required");
        JsonNode row = json(SERVICE.get("/api/v1/datasets/friedman1/versions/1/rows?split=test&limit=1"), 200)
                .at("/items/0/instance");
        String body = "{\"model\": \"rolled-numbers\", \"version\": %s, \"instances\": [" + row + "]}";
        double one = json(SERVICE.post("/predict", body.formatted("1")), 200)
                .at("/predictions/0/value")
                .doubleValue();
        double other = json(SERVICE.post("/predict", body.formatted("2")), 200)
                .at("/predictions/0/value")
                .doubleValue();
        double difference = Math.abs(one - other);
        assertThat(difference).isPositive();
        for (double tolerance : new double[] {difference / 2, difference * 2}) {
            json(
                    put(
                            alias + "/rollout",
                            "{\"candidate\": 2, \"mode\": \"shadow\", \"tolerance\": " + tolerance + "}"),
                    200);
            JsonNode shadow = Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .until(
                            () -> {
                                json(SERVICE.post("/predict", body.formatted("\"production\"")), 200);
                                return json(SERVICE.get(alias + "/rollout"), 200)
                                        .at("/figures/shadow");
                            },
                            found -> found.get("compared").intValue() > 0);
            assertThat(shadow.get("agreement").doubleValue()).isEqualTo(tolerance > difference ? 1 : 0);
            assertThat(shadow.get("largest_difference").doubleValue())
                    .isCloseTo(difference, Offset.offset(difference / 100));
            json(
                    SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(alias + "/rollout"))
                            .DELETE()),
                    200);
        }
    }

    @Test
    void figuresOfSeveralProcessesAreSummed() {
        alias("summed", 1);
        json(begin("summed", "{\"candidate\": 2, \"mode\": \"shadow\"}"), 200);
        Rollout rollout = SERVICE.bean(Rollouts.class).get(MODEL, "summed");
        List<Tallies> processes = IntStream.range(0, 3)
                .mapToObj(i -> new Tallies(SERVICE.bean(RolloutSums.class), new SimpleMeterRegistry()))
                .toList();
        for (int i = 0; i < 300; i++) {
            Tallies process = processes.get(i % 3);
            // 1 to 300 ms.
            process.of(rollout).answered(Side.VERSION, Duration.ofMillis(i + 1));
            assertThat(process.of(rollout).begin(1)).isTrue();
            assertThat(process.of(rollout).begin(1)).isFalse();
            process.of(rollout).compared(2, 1, i / 1000.0, Duration.ofMillis(2), List.of());
            if (i % 50 == 0) {
                process.flush();
                Findings failed = process.of(rollout).drain();
                process.of(rollout).restore(failed);
            }
        }
        processes.forEach(Tallies::flush);
        processes.forEach(Tallies::flush);
        JsonNode figures = json(get("summed", "/rollout"), 200).get("figures");
        assertThat(figures.at("/version/answered").intValue()).isEqualTo(300);
        assertThat(figures.at("/version/latency/p50_ms").doubleValue()).isCloseTo(150, Offset.offset(3.0));
        assertThat(figures.at("/version/latency/p99_ms").doubleValue()).isCloseTo(297, Offset.offset(6.0));
        assertThat(figures.at("/shadow/compared").intValue()).isEqualTo(300);
        assertThat(figures.at("/shadow/agreement").doubleValue()).isEqualTo(0.5);
        assertThat(figures.at("/shadow/largest_difference").doubleValue()).isEqualTo(0.299);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            strict  | {"candidate": 1, "mode": "shadow"}                          | 422 | /candidate
            strict  | {"candidate": 4, "mode": "shadow"}                          | 422 | /candidate
            strict  | {"candidate": 9, "mode": "shadow"}                          | 422 | /candidate
            strict  | {"candidate": 0, "mode": "shadow"}                          | 422 | /candidate
            strict  | {"mode": "shadow"}                                          | 422 | /candidate
            strict  | {"candidate": 2}                                            | 422 | /mode
            strict  | {"candidate": 2, "mode": "blue"}                            | 422 | /mode
            strict  | {"candidate": 2, "mode": "canary"}                          | 422 | /weight
            strict  | {"candidate": 2, "mode": "canary", "weight": 0}             | 422 | /weight
            strict  | {"candidate": 2, "mode": "canary", "weight": 1.1}           | 422 | /weight
            strict  | {"candidate": 2, "mode": "shadow", "tolerance": 1}          | 422 | /tolerance
            strict  | {"candidate": 2, "mode": "shadow", "tolerance": -1}         | 422 | /tolerance
            strict  | {"candidate": "2", "mode": "shadow"}                        | 400 | /candidate
            strict  | {"candidate": 2, "mode": "shadow", "wait": 1}               | 400 | /wait
            strict  | {"candidate": 2, "mode": "shadow", "expected_version": 2}   | 409 | expected_version
            missing | {"candidate": 2, "mode": "shadow"}                          | 404 | missing
            """)
    void whatCannotBeRolledOutIsRefusedInWords(String alias, String body, int status, String named) {
        if (!alias.equals("missing")) {
            alias(alias, 1);
        }
        HttpResponse<String> refused = begin(alias, body);
        assertThat(json(refused, status).toString()).contains(named);
        assertThat(get(alias, "/rollout").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path : List.of("/rollout", "/rollout/disagreements", "/rollouts", "/rollouts/1/disagreements")) {
            assertThat(get("never-made", path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(send("DELETE", "never-made", "/rollout", "").statusCode()).isEqualTo(404);
        assertThat(post("never-made", "/rollout/promote").statusCode()).isEqualTo(404);
        alias("without", 1);
        assertThat(get("without", "/rollout").body()).contains("no rollout behind alias");
        assertThat(json(get("without", "/rollouts"), 200).get("items")).isEmpty();
        assertThat(get("without", "/rollouts?limit=0").statusCode()).isEqualTo(422);
    }

    /** Which of so many clients, who send keys of their own, the candidate answers; each twice, and the same. */
    private static Set<Integer> clientsOfCandidate(String alias, int clients, double weight) throws Exception {
        List<JsonNode> answers =
                inParallel(4, clients, i -> predict("\"" + alias + "\"", "X-Rollout-Key", "client-" + i));
        Set<Integer> ofCandidate = new TreeSet<>();
        for (int i = 0; i < clients; i++) {
            if (answers.get(i).get("version").intValue() == 2) {
                ofCandidate.add(i);
            }
        }
        assertWithinBinomialBounds(ofCandidate.size(), clients, weight);
        for (int i = 0; i < 50; i++) {
            JsonNode again = json(predict("\"" + alias + "\"", "X-Rollout-Key", "client-" + i), 200);
            assertThat(again.get("version")).isEqualTo(answers.get(i).get("version"));
        }
        return ofCandidate;
    }

    /** Five standard deviations: once in two million times by chance. */
    private static void assertWithinBinomialBounds(long hits, int draws, double share) {
        double bound = 5 * Math.sqrt(draws * share * (1 - share));
        assertThat((double) hits).isBetween(draws * share - bound, draws * share + bound);
    }

    /** Begins a canary that answers all requests, and waits until it does. */
    private static void beginAndAwaitReady(String alias, int candidate) {
        json(begin(alias, "{\"candidate\": %d, \"mode\": \"canary\", \"weight\": 1}".formatted(candidate)), 200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> json(predict("\"" + alias + "\""), 200)
                                .get("version")
                                .intValue(),
                        version -> version == candidate);
    }

    private static JsonNode awaitFigures(String alias, Predicate<JsonNode> enough) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> json(get(alias, "/rollout"), 200).get("figures"), enough);
    }

    /** Requests of which a shadow has become something. */
    private static int shadowed(JsonNode figures) {
        return figures.at("/shadow/compared").intValue()
                + sum(figures.at("/shadow/dropped"))
                + sum(figures.at("/shadow/failed"));
    }

    private static int sum(JsonNode counts) {
        return counts.valueStream().mapToInt(JsonNode::intValue).sum();
    }

    /** A call by its number. */
    @FunctionalInterface
    private interface Call {
        HttpResponse<String> of(int i);
    }

    /** The answers of so many calls, in order; all must succeed. */
    private static List<JsonNode> inParallel(int threads, int calls, Call call) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(threads);
        try {
            List<Future<JsonNode>> running = IntStream.range(0, calls)
                    .mapToObj(i -> clients.submit(() -> json(call.of(i), 200)))
                    .toList();
            List<JsonNode> answers = new ArrayList<>();
            for (Future<JsonNode> answer : running) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            clients.shutdownNow();
        }
    }

    private static List<String> meters(String alias) {
        return SERVICE.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("trainyard_rollout_") && line.contains("alias=\"" + alias + "\""))
                .toList();
    }

    /** Artifacts are written read-only. */
    private static void overwrite(Path artifact, byte[] bytes) throws IOException {
        Files.delete(artifact);
        Files.write(artifact, bytes);
    }

    private static HttpResponse<String> predict(String version, String... headers) {
        return SERVICE.post("/predict", request(MODEL, version), headers);
    }

    private static String request(String model, String version) {
        return "{\"model\": \"%s\", \"version\": %s, \"instances\": %s}".formatted(model, version, INSTANCES);
    }

    private static void alias(String alias, int version) {
        json(put(path(alias, ""), "{\"version\": " + version + "}"), 200);
    }

    private static HttpResponse<String> begin(String alias, String body) {
        return put(path(alias, "/rollout"), body);
    }

    private static HttpResponse<String> put(String path, String body) {
        return SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String alias, String path) {
        return SERVICE.get(path(alias, path));
    }

    private static HttpResponse<String> post(String alias, String path) {
        return send("POST", alias, path, "");
    }

    private static HttpResponse<String> send(String method, String alias, String path, String body) {
        return SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(path(alias, path)))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String path(String alias, String path) {
        return "/api/v1/models/" + MODEL + "/aliases/" + alias + path;
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Service.json(answer);
    }
}
