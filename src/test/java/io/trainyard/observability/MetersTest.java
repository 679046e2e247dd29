package io.trainyard.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** What a service that has trained, predicted and rolled out exposes is what the document, the dashboard and the alerts know. */
class MetersTest {

    /** Of its own: on a shared one the figures of what others have done may still come in, and those of a killed worker go. */
    private static final Service SERVICE = Service.start();

    private static final String MODEL = "observed";
    private static final int EPOCHS = 3;
    private static final int TRAINING_ROWS = 120;
    private static final int HELD_OUT_ROWS = 30;
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(trainyard_\\w+)` \\| (\\w+) \\|([^|]*)\\|");
    private static final Pattern TICKED = Pattern.compile("`(\\w+)`");
    private static final Pattern IN_A_LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    /** What Prometheus itself adds. */
    private static final Set<String> ADDED_LABELS = Set.of("job", "instance");

    private static Scrape after;

    @BeforeAll
    static void train() {
        for (int version = 1; version <= 2; version++) {
            SERVICE.await(SERVICE.submit(Service.irisJob(MODEL, EPOCHS)), "SUCCEEDED");
        }
        put("/api/v1/models/" + MODEL + "/aliases/production", "{\"version\": 1}");
        put("/api/v1/models/" + MODEL + "/aliases/production/rollout", "{\"candidate\": 2, \"mode\": \"shadow\"}");
        SERVICE.post("/api/v1/models/" + MODEL + "/versions/2/load", "");
        String instance = "{\"sepal_length\": 5.1, \"sepal_width\": 3.5, \"petal_length\": 1.4, \"petal_width\": 0.2}";
        predict("[" + instance + "]", 200);
        // Counted for a version that is loaded.
        predict("[{\"sepal_length\": 5.1}]", 422);
        String batch = Service.json(SERVICE.post("/api/v1/batch-predictions", """
                        {"model": "%s", "version": 1, "dataset": "iris", "split": "test", "format": "csv"}""".formatted(MODEL)))
                .get("id")
                .stringValue();
        SERVICE.await(batch, "SUCCEEDED");
        after = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            // A shadow may be dropped.
                            predict("[" + instance + "]", 200);
                            return scrape();
                        },
                        MetersTest::isComplete);
    }

    @AfterAll
    static void close() {
        SERVICE.close();
    }

    /** Workers report every five seconds, and shadows are compared in the background. */
    private static boolean isComplete(Scrape scrape) {
        return scrape.sum("trainyard_worker_predicted_rows_total") == HELD_OUT_ROWS
                && scrape.sum("trainyard_worker_attempts_total", "outcome", "succeeded") == 3
                && scrape.sum("trainyard_rollout_rows_total", "model", MODEL) > 0
                && scrape.types().containsKey("trainyard_reconciliation_clean");
    }

    private static void put(String path, String body) {
        int status = SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(path))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
        assertThat(status).as(path).isIn(200, 201);
    }

    private static void predict(String instances, int expected) {
        assertThat(SERVICE.post(
                                "/predict",
                                "{\"model\": \"%s\", \"version\": \"production\", \"instances\": %s}"
                                        .formatted(MODEL, instances))
                        .statusCode())
                .isEqualTo(expected);
    }

    private static Scrape scrape() {
        return Scrape.of(SERVICE.get("/actuator/prometheus").body());
    }

    @Test
    void figuresAreThoseOfWhatWasDone() {
        assertThat(after.sum("trainyard_jobs_ended_total", "status", "SUCCEEDED", "kind", "training"))
                .isEqualTo(2);
        assertThat(after.sum("trainyard_jobs_ended_total", "status", "SUCCEEDED", "kind", "batch_prediction"))
                .isEqualTo(1);
        assertThat(after.sum("trainyard_jobs_ended_total", "status", "FAILED")).isZero();
        assertThat(after.sum("trainyard_worker_epoch_seconds_count")).isEqualTo(2 * EPOCHS);
        assertThat(after.sum("trainyard_worker_epoch_seconds_bucket", "le", "+Inf"))
                .isEqualTo(2 * EPOCHS);
        assertThat(after.sum("trainyard_worker_evaluation_seconds_count")).isEqualTo(2 * EPOCHS);
        assertThat(after.sum("trainyard_worker_trained_rows_total")).isEqualTo(2 * EPOCHS * TRAINING_ROWS);
        assertThat(after.sum("trainyard_worker_checkpoint_seconds_count")).isEqualTo(2 * (EPOCHS - 1));
        assertThat(after.sum("trainyard_worker_checkpoint_written_bytes_total")).isPositive();
        assertThat(after.sum("trainyard_worker_queue_wait_seconds_count")).isEqualTo(3);
        assertThat(after.sum("trainyard_problems_total", "problem", "invalid-instance"))
                .isEqualTo(1);
        assertThat(after.sum("trainyard_database_up")).isEqualTo(1);
        assertThat(after.sum("trainyard_workers")).isEqualTo(1);
        assertThat(after.sum("trainyard_queue_jobs")).isZero();
        assertThat(after.sum("trainyard_queue_oldest_age_seconds")).isZero();
        assertThat(after.sum("trainyard_store_writable")).isEqualTo(1);
        assertThat(after.sum("trainyard_store_free_bytes"))
                .isPositive()
                .isLessThan(after.sum("trainyard_store_size_bytes"));
        assertThat(after.sum("trainyard_worker_resident_bytes"))
                .isPositive()
                .isLessThan(after.sum("trainyard_worker_memory_limit_bytes"));
    }

    @Test
    void documentListsEveryMeterWithItsTypeAndLabelsAndNoOther() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = DOCUMENTED.matcher(Files.readString(Path.of("docs/observability.md")));
        while (row.find()) {
            Set<String> labels = TICKED.matcher(row.group(3))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            documented.put(row.group(1), row.group(2) + " " + labels);
        }
        Map<String, String> exposed = new TreeMap<>();
        after.types().forEach((name, type) -> {
            boolean mostOfTimes = name.endsWith("_max")
                    && "histogram".equals(after.types().get(name.substring(0, name.length() - "_max".length())));
            if (name.startsWith("trainyard_") && !mostOfTimes) {
                exposed.put(name, type + " " + after.labelsOfMetric(name));
            }
        });
        assertThat(documented).isEqualTo(exposed);
    }

    @Test
    void dashboardReadsNothingThatIsNotThere() throws IOException {
        JsonNode dashboard = Service.JSON.readTree(Path.of("config/grafana/trainyard.json"));
        List<JsonNode> targets = dashboard.findParents("expr");
        assertThat(targets).hasSizeGreaterThan(40);
        for (JsonNode target : targets) {
            String expression = target.get("expr").stringValue();
            Set<String> left = assertReadable(expression);
            assertThat(IN_A_LEGEND
                            .matcher(target.path("legendFormat").asString(""))
                            .results()
                            .map(label -> label.group(1)))
                    .as(expression)
                    .isSubsetOf(left);
        }
        assertThat(dashboard.at("/templating/list/1/query/query").stringValue())
                .isEqualTo("label_values(trainyard_database_up, instance)");
    }

    @Test
    void alertsReadNothingThatIsNotThereAndAreExplained() throws IOException {
        JsonNode file = Service.JSON.valueToTree(
                new Yaml().<Object>load(Files.readString(Path.of("config/prometheus/alerts.yml"))));
        List<JsonNode> rules = file.at("/groups/0/rules").valueStream().toList();
        String document = Files.readString(Path.of("docs/observability.md"));
        assertThat(rules).hasSizeGreaterThan(10);
        for (JsonNode rule : rules) {
            assertReadable(rule.get("expr").stringValue());
            assertThat(document).contains("| `" + rule.get("alert").stringValue() + "` |");
        }
        assertThat(Pattern.compile("(?m)^\\| `Trainyard\\w+` \\|")
                        .matcher(document)
                        .results())
                .hasSameSizeAs(rules);
    }

    /** Returns the labels that the result may have. */
    private static Set<String> assertReadable(String expression) {
        Map<String, Set<String>> exposed = after.labels();
        Map<String, Set<String>> read = PromQl.selectors(expression);
        assertThat(read).as(expression).isNotEmpty();
        Set<String> known = new HashSet<>(ADDED_LABELS);
        read.forEach((name, labels) -> {
            if (!name.equals("up")) {
                assertThat(exposed).as(expression).containsKey(name);
                known.addAll(exposed.get(name));
                assertThat(labels.stream().filter(label -> !ADDED_LABELS.contains(label)))
                        .as(expression)
                        .isSubsetOf(exposed.get(name));
            }
        });
        Set<String> groupings = PromQl.groupings(expression);
        assertThat(known).as(expression).containsAll(groupings);
        assertThat(expression).doesNotContain("without", "ignoring");
        return groupings.isEmpty() ? known : groupings;
    }

    /** The test of the tests above: a name that is not there would be found. */
    @Test
    void namesAreTakenOutOfAnExpression() {
        String expression = """
                sum by (kind, le) (rate(one_total{status=~"a b|c", instance!="x{y}"}[$__rate_interval]))
                  / on (kind) group_left (other) max(two_seconds_sum) > 0.5 * 4e3 and bool time() - three offset 5m""";
        assertThat(PromQl.selectors(expression))
                .isEqualTo(Map.of(
                        "one_total", Set.of("status", "instance"),
                        "two_seconds_sum", Set.of(),
                        "three", Set.of()));
        assertThat(PromQl.groupings(expression)).containsExactlyInAnyOrder("kind", "le", "other");
    }

    /** One wait is bounded however many gauges ask. */
    @Test
    void scrapesAreQuick() {
        long[] millis = new long[5];
        for (int i = 0; i < millis.length; i++) {
            long begun = System.nanoTime();
            scrape();
            millis[i] = (System.nanoTime() - begun) / 1_000_000;
        }
        Arrays.sort(millis);
        assertThat(millis[2]).isLessThan(1000);
    }
}
