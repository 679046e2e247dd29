package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.Service;
import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.dataset.Datasets;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whole splits through a version, over HTTP, with a real worker process: the same file whatever happens to the run. */
class BatchPredictionsTest {

    private static final String PATH = "/api/v1/batch-predictions";
    private static final String MODEL = "batch-flowers";
    /** Of a dataset that a run is busy with for seconds. */
    private static final int MANY = 2_000_000;

    private static final double ROUNDING = 1e-6;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Service service = Service.shared();

    @BeforeAll
    static void train() throws IOException {
        service.await(service.submit(Service.irisJob(MODEL, 20)), "SUCCEEDED");
        dataset("flowers-many", MANY, List.of("setosa", "versicolor", "virginica"));
        dataset("weeds", 3, List.of("setosa", "thistle"));
    }

    /**
     * Rows of the form of iris' rows, all of the same few hundred; the dataset's encoding is another than the one that the
     * model was trained with.
     */
    private static void dataset(String name, int rows, List<String> classes) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        float[] block = new float[4 * 997];
        for (int i = 0; i < block.length; i++) {
            block[i] = random.nextInt(1, 80) / 10f;
        }
        Artifacts artifacts = service.bean(Artifacts.class);
        Artifact features = artifacts.put(out -> {
            DataOutputStream data = header(new DataOutputStream(out), 0x0D02, rows, 4);
            for (long i = 0; i < 4L * rows; i++) {
                data.writeFloat(block[(int) (i % block.length)]);
            }
            data.flush();
        });
        Artifact labels = artifacts.put(out -> {
            DataOutputStream data = header(new DataOutputStream(out), 0x0801, rows);
            for (int row = 0; row < rows; row++) {
                data.write(row % classes.size());
            }
            data.flush();
        });
        ObjectNode split = Service.JSON.createObjectNode();
        split.set("features", Service.JSON.valueToTree(features));
        split.set("labels", Service.JSON.valueToTree(labels));
        split.put("rows", rows);
        ArrayNode counts = split.putArray("class_counts");
        classes.forEach(label -> counts.add(rows / classes.size()));

        service.bean(Datasets.class).resolve("iris", 1);
        JdbcClient jdbc = service.bean(JdbcClient.class);
        ObjectNode content = (ObjectNode) Service.JSON.readTree(
                jdbc.sql("select content::text from dataset_version where name = 'iris' and version = 1")
                        .query(String.class)
                        .single());
        List.copyOf(content.get("splits").propertyNames())
                .forEach(key -> ((ObjectNode) content.get("splits")).set(key, split));
        ((ObjectNode) content.get("target")).set("names", Service.JSON.valueToTree(classes));
        ((ObjectNode) content.at("/encoding/columns/0")).put("mean", 1000);
        jdbc.sql("insert into dataset values (:name, 1)").param("name", name).update();
        jdbc.sql(
                        "insert into dataset_version values (gen_random_uuid(), :name, 1, :name, cast(:content as jsonb), now())")
                .param("name", name)
                .param("content", content.toString())
                .update();
    }

    private static DataOutputStream header(DataOutputStream data, int type, int... dimensions) throws IOException {
        data.writeInt(type);
        for (int size : dimensions) {
            data.writeInt(size);
        }
        return data;
    }

    @Test
    void csvHoldsEveryRowInOrderAsPredictTellsIt() throws IOException {
        HttpResponse<String> accepted = service.post(PATH, request("iris", "\"split\": \"train\", \"version\": 1"));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String id = Service.json(accepted).get("id").stringValue();
        assertThat(accepted.headers().firstValue("Location")).contains("/api/v1/jobs/" + id);

        JsonNode job = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(job.get("kind").stringValue()).isEqualTo("batch_prediction");
        assertThat(job.get("progress")).hasToString("{\"rows_done\":120,\"rows\":120,\"percent\":100.0}");
        HttpResponse<String> file = download(id);
        assertThat(file.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/csv"));
        assertThat(file.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"batch-flowers-1-iris-1-train.csv\"");
        checkFile(job, file);

        List<CSVRecord> lines = csv(file.body());
        JsonNode rows = rows("iris", "train", 120);
        JsonNode answers = predict(rows);
        assertThat(lines).hasSize(120);
        int right = 0;
        for (int row = 0; row < 120; row++) {
            CSVRecord line = lines.get(row);
            JsonNode answer = answers.get(row);
            assertThat(line.get("row")).isEqualTo(String.valueOf(row));
            assertThat(line.get("label")).isEqualTo(rows.get(row).get("label").stringValue());
            assertThat(line.get("predicted")).isEqualTo(answer.get("label").stringValue());
            assertThat(Double.parseDouble(line.get("probability")))
                    .isCloseTo(answer.get("probability").doubleValue(), within(ROUNDING));
            assertThat(Double.parseDouble(line.get("probability_virginica")))
                    .isCloseTo(answer.at("/probabilities/2").doubleValue(), within(ROUNDING));
            right += line.get("label").equals(line.get("predicted")) ? 1 : 0;
        }
        assertThat(job.at("/result/metrics/accuracy").doubleValue()).isEqualTo(right / 120.0);
        assertThat(job.at("/result/version").intValue()).isEqualTo(1);
        assertThat(service.get("/api/v1/jobs/" + id + "/log").body()).contains("published 120 rows");
    }

    @Test
    void jsonLinesHoldTheSame() {
        JsonNode job = service.await(submit("iris", "\"format\": \"jsonl\""), "SUCCEEDED", "FAILED");
        HttpResponse<String> file = download(job.get("id").stringValue());
        assertThat(file.headers().firstValue("Content-Type")).contains("application/jsonl");
        checkFile(job, file);
        JsonNode answers = predict(rows("iris", "test", 30));
        List<JsonNode> lines = file.body().lines().map(Service.JSON::readTree).toList();
        assertThat(lines).hasSize(30);
        assertThat(file.body()).endsWith("\n");
        for (int row = 0; row < 30; row++) {
            JsonNode line = lines.get(row);
            assertThat(line.get("row").intValue()).isEqualTo(row);
            assertThat(line.get("predicted")).isEqualTo(answers.get(row).get("label"));
            assertThat(line.at("/probabilities/setosa").doubleValue())
                    .isCloseTo(answers.get(row).at("/probabilities/0").doubleValue(), within(ROUNDING));
        }
    }

    private static void checkFile(JsonNode job, HttpResponse<String> file) {
        byte[] bytes = file.body().getBytes(StandardCharsets.UTF_8);
        String sha256 = DigestUtils.sha256Hex(bytes);
        assertThat(job.at("/result/file/sha256").stringValue()).isEqualTo(sha256);
        assertThat(job.at("/result/file/bytes").intValue()).isEqualTo(bytes.length);
        assertThat(file.headers().firstValue("ETag")).contains("\"" + sha256 + "\"");
    }

    @Test
    void manyRowsComeOutTheSameWhetherTheRunIsPausedKilledOrLeftAlone() {
        String undisturbed = submit("flowers-many", "\"split\": \"test\"");
        String paused = submit("flowers-many", "\"split\": \"test\"");
        assertThat(service.job(paused).get("queue_position").intValue()).isPositive();
        awaitRows(paused);
        assertThat(service.post("/api/v1/jobs/" + paused + "/pause", "").statusCode())
                .isEqualTo(202);
        JsonNode expected = service.await(undisturbed, "SUCCEEDED", "FAILED");
        String sha256 = expected.at("/result/file/sha256").stringValue();
        assertThat(expected.at("/result/file/rows").intValue()).isEqualTo(MANY);
        // As the version encodes them; the dataset's own encoding is another.
        JsonNode answers = predict(rows("flowers-many", "test", 50));
        List<CSVRecord> lines = csv(first(undisturbed, 51));
        for (int row = 0; row < 50; row++) {
            assertThat(lines.get(row).get("predicted"))
                    .isEqualTo(answers.get(row).get("label").stringValue());
        }

        JsonNode waiting = service.await(paused, "PAUSED");
        int done = waiting.at("/progress/rows_done").intValue();
        assertThat(done).isBetween(1, MANY - 1);
        assertThat(service.get("/api/v1/jobs/" + paused + "/log").body())
                .as("%s", waiting)
                .contains("paused by the user");
        service.post("/api/v1/jobs/" + paused + "/resume", "");
        JsonNode resumed = service.await(paused, "SUCCEEDED", "FAILED");
        assertThat(service.get("/api/v1/jobs/" + paused + "/log").body())
                .as("%s", resumed)
                .contains("goes on after ", " rows, from the checkpoint of attempt 1");
        assertThat(resumed.at("/result/file/sha256").stringValue()).isEqualTo(sha256);
        assertThat(resumed.at("/result/metrics")).isEqualTo(expected.at("/result/metrics"));

        String killed = submit("flowers-many", "\"split\": \"test\"");
        awaitRows(killed);
        long pid = service.bean(JdbcClient.class)
                .sql("select pid from worker where job_id = cast(:id as uuid)")
                .param("id", killed)
                .query(Long.class)
                .single();
        // SIGKILL
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        JsonNode again = service.await(killed, "SUCCEEDED", "FAILED");
        assertThat(again.get("attempt").intValue()).isEqualTo(2);
        assertThat(again.at("/transitions/2/message").stringValue()).isEqualTo("worker lost in attempt 1");
        assertThat(again.at("/result/file/sha256").stringValue()).isEqualTo(sha256);
        Path drafts = service.bean(Artifacts.class).dir().resolve("checkpoints").resolve(killed);
        Awaitility.await().atMost(PATIENCE).until(() -> !Files.exists(drafts));
        assertThat(service.bean(JobsAudit.class).run().faults()).isEmpty();
    }

    @Test
    void runningOneIsCancelledAndHoldsItsVersionUntilThen() {
        service.await(service.submit(Service.irisJob("batch-held", 1)), "SUCCEEDED");
        String id = service.post(
                        PATH, request("flowers-many", "\"split\": \"test\"").replace(MODEL, "batch-held"))
                .body()
                .replaceFirst("\\{\"id\":\"([^\"]*)\".*", "$1");
        awaitRows(id);
        HttpResponse<String> early = download(id);
        assertThat(early.statusCode()).isEqualTo(404);
        assertThat(early.body()).contains("is RUNNING; its predictions are here once it has SUCCEEDED");
        HttpResponse<String> refused = delete("/api/v1/models/batch-held/versions/1");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("is what job " + id + " uses");
        JsonNode worker = Awaitility.await()
                .until(
                        () -> Service.json(service.get("/api/v1/workers"))
                                .get("items")
                                .valueStream()
                                .filter(item -> item.path("job_id").asString().equals(id))
                                .toList(),
                        busy -> busy.size() == 1)
                .get(0);
        assertThat(worker.get("state").stringValue()).isEqualTo("BUSY");

        service.post("/api/v1/jobs/" + id + "/cancel", "");
        service.await(id, "CANCELLED");
        assertThat(download(id).body()).contains("has ended as CANCELLED and left no predictions");
        assertThat(delete("/api/v1/models/batch-held/versions/1").statusCode()).isEqualTo(204);
        assertThat(service.post(PATH, request("iris", "\"version\": 1").replace(MODEL, "batch-held"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aliasMeansTheVersionAtWhichItPointsNow() {
        service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/" + MODEL + "/aliases/production"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"version\": 1}")));
        JsonNode job = service.job(submit("iris", "\"version\": \"production\", \"labels\": {\"of\": \"alias\"}"));
        assertThat(job.at("/spec/version").intValue()).isEqualTo(1);
        assertThat(job.at("/spec/dataset/version").intValue()).isEqualTo(1);
        assertThat(job.at("/spec/rows").intValue()).isEqualTo(30);
        JsonNode listed = Service.json(service.get("/api/v1/jobs?kind=batch_prediction&label=of%3Dalias"));
        assertThat(listed.get("items")).hasSize(1);
        assertThat(Service.json(service.get("/api/v1/jobs?kind=training&label=of%3Dalias"))
                        .get("items"))
                .isEmpty();
        service.await(job.get("id").stringValue(), "SUCCEEDED");
    }

    @Test
    void numbersAreToldWithTheirErrors() {
        service.await(service.submit("""
                {"model": "batch-friedman", "dataset": "friedman1",
                 "network": {"layers": [{"type": "dense", "units": 1}]},
                 "training": {"epochs": 1, "seed": 1}}"""), "SUCCEEDED");
        JsonNode job = service.await(
                Service.json(service.post(
                                PATH, "{\"model\": \"batch-friedman\", \"dataset\": \"friedman1\", \"version\": 1}"))
                        .get("id")
                        .stringValue(),
                "SUCCEEDED",
                "FAILED");
        double sum = 0;
        List<CSVRecord> lines = csv(download(job.get("id").stringValue()).body());
        for (CSVRecord line : lines) {
            sum += Math.abs(Double.parseDouble(line.get("label")) - Double.parseDouble(line.get("value")));
        }
        assertThat(job.at("/result/metrics/mae").doubleValue()).isCloseTo(sum / lines.size(), within(1e-4));
        assertThat(job.at("/result/metrics").has("r2_score")).isTrue();
    }

    @Test
    void labelsOfWhichTheVersionKnowsNothingAreShownButNotJudged() {
        JsonNode job = service.await(submit("weeds", "\"version\": 1"), "SUCCEEDED", "FAILED");
        assertThat(job.at("/result/metrics")).isEmpty();
        assertThat(csv(download(job.get("id").stringValue()).body()).get(1).get("label"))
                .isEqualTo("thistle");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'dataset': 'digits'                        | 422 | /dataset | holds pictures of shape [8, 8, 1]
            'dataset': 'friedman1'                     | 422 | /dataset | takes the columns sepal_length
            'dataset': 'iris', 'split': 'validation'   | 422 | /split | 'validation' is not one of 'train', 'test'
            'dataset': 'iris', 'format': 'parquet'     | 422 | /format | 'parquet' is not one of 'csv', 'jsonl'
            'dataset': 'iris', 'version': 0            | 422 | /version | from 1 on, an alias, or 'latest'
            'dataset': 'iris', 'version': 99           | 404 | - | batch-flowers/99
            'dataset': 'iris', 'version': 'nobody'     | 404 | - | batch-flowers/nobody
            'dataset': 'nothing'                       | 404 | - | 'nothing'
            'dataset': {'name': 'iris', 'version': 7}  | 404 | - | iris/7
            'split': 'test'                            | 422 | /dataset | is required
            'dataset': 'iris', 'priority': 1001        | 422 | /priority | was 1001
            'dataset': 'iris', 'max_runtime_seconds': 0| 422 | /max_runtime_seconds | was 0
            'dataset': 'iris', 'labels': {'a': null}   | 422 | /labels | must not hold null
            'dataset': 'iris', 'top_k': 3              | 400 | /top_k | unknown field
            'dataset': 'iris', 'split': 1              | 400 | /split | must be a string
            """)
    void whatCannotBeIsRefusedWithTheFieldAtFault(String fields, int status, String pointer, String words) {
        String body = "{'model': 'batch-flowers', %s}".formatted(fields).replace('\'', '"');
        HttpResponse<String> answer = service.post(PATH, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = Service.json(answer);
        assertThat(problem.get("detail").stringValue()).contains(words);
        if (!pointer.equals("-")) {
            assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        }
    }

    @Test
    void sameIdempotencyKeyGivesTheFirstAnswerAgain() {
        String key = UUID.randomUUID().toString();
        for (String version : List.of("\"latest\"", "1")) {
            String body = request("iris", "\"version\": " + version);
            HttpResponse<String> first = service.post(PATH, body, "Idempotency-Key", key + version.length());
            HttpResponse<String> second = service.post(PATH, body, "Idempotency-Key", key + version.length());
            assertThat(second.statusCode()).as(second.body()).isEqualTo(202);
            assertThat(Service.json(second)).isEqualTo(Service.json(first));
        }
        HttpResponse<String> other = service.post(PATH, request("iris", "\"version\": 1"), "Idempotency-Key", key + 8);
        assertThat(Service.json(other).get("type").stringValue()).isEqualTo("/problems/idempotency-key-reused");
    }

    @Test
    void fileIsDownloadedInPartsOrNotAtAllWhereItIsKnown() {
        String id = submit("iris", "\"version\": 1");
        service.await(id, "SUCCEEDED");
        String etag = download(id).headers().firstValue("ETag").orElseThrow();
        HttpRequest.Builder known =
                HttpRequest.newBuilder(service.uri(path(id))).header("If-None-Match", etag);
        assertThat(service.send(known).statusCode()).isEqualTo(304);
        HttpRequest.Builder part = HttpRequest.newBuilder(service.uri(path(id))).header("Range", "bytes=0-8");
        assertThat(service.send(part).body()).isEqualTo("row,label");
    }

    @Test
    void deletedFileIsGoneAndItsJobStays() {
        String id = submit("iris", "\"version\": 1, \"format\": \"jsonl\"");
        service.await(id, "SUCCEEDED");
        assertThat(delete(path(id)).statusCode()).isEqualTo(204);
        assertThat(download(id).statusCode()).isEqualTo(404);
        assertThat(download(id).body()).contains("have been deleted");
        assertThat(delete(path(id)).statusCode()).isEqualTo(404);
        assertThat(service.job(id).at("/result/file/rows").intValue()).isEqualTo(30);
        assertThat(service.bean(BatchPredictions.class).references())
                .noneMatch(reference -> reference.owner().contains(id));
    }

    @Test
    void missingFileIsReportedByReconciliationAndNotServed() throws IOException {
        String id = submit("iris", "\"split\": \"train\", \"format\": \"jsonl\"");
        String sha256 = service.await(id, "SUCCEEDED").at("/result/file/sha256").stringValue();
        Path file = service.bean(Artifacts.class)
                .dir()
                .resolve(sha256.substring(0, 2))
                .resolve(sha256);
        Path aside = file.resolveSibling("aside");
        Files.move(file, aside);
        try {
            assertThat(Service.json(download(id)).get("type").stringValue()).isEqualTo("/problems/artifact-damaged");
            assertThat(reconciled().at("/store/missing").toString()).contains("batch prediction " + id);
        } finally {
            Files.move(aside, file);
        }
        assertThat(reconciled().get("clean").booleanValue()).isTrue();
    }

    private static JsonNode reconciled() {
        String before = service.get("/api/v1/admin/reconciliation").body();
        service.post("/api/v1/admin/reconciliation", "");
        return Service.json(Awaitility.await()
                .until(
                        () -> service.get("/api/v1/admin/reconciliation"),
                        answer -> answer.statusCode() == 200 && !answer.body().equals(before)));
    }

    @Test
    void trainingHasNoPredictions() {
        String id = service.submit(Service.irisJob("batch-trained", 1));
        service.await(id, "SUCCEEDED");
        assertThat(download(id).statusCode()).isEqualTo(404);
        assertThat(delete(path(id)).statusCode()).isEqualTo(404);
    }

    @Test
    void classNamesAreQuotedAndMayBeCalledLikeColumns() throws IOException {
        CsvLines lines = new CsvLines(List.of("a, \"b\"", "row"));
        StringWriter out = new StringWriter();
        lines.begin(out);
        lines.write(out, 0, "a, \"b\"", new float[] {9, 0.25f, 0.75f}, 1);
        assertThat(out.toString().lines())
                .containsExactly(
                        "row,label,predicted,probability,\"probability_a, \"\"b\"\"\",probability_row",
                        "0,\"a, \"\"b\"\"\",row,0.75,0.25,0.75");
    }

    /** Waits for a run's first rows, and for the jobs before it. */
    private static void awaitRows(String id) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> service.job(id).at("/progress/rows_done").intValue() > 1000);
    }

    private static String request(String dataset, String fields) {
        return "{\"model\": \"%s\", \"dataset\": \"%s\", %s}".formatted(MODEL, dataset, fields);
    }

    private static String submit(String dataset, String fields) {
        HttpResponse<String> accepted = service.post(PATH, request(dataset, fields));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return Service.json(accepted).get("id").stringValue();
    }

    private static String path(String id) {
        return PATH + "/" + id + "/predictions";
    }

    private static HttpResponse<String> download(String id) {
        return service.get(path(id));
    }

    private static HttpResponse<String> delete(String path) {
        return service.send(HttpRequest.newBuilder(service.uri(path)).DELETE());
    }

    /** The first lines of a file, which as a whole may be large. */
    private static String first(String id, int lines) {
        String part = service.send(HttpRequest.newBuilder(service.uri(path(id))).header("Range", "bytes=0-9999"))
                .body();
        return String.join("\n", part.lines().limit(lines).toList());
    }

    private static List<CSVRecord> csv(String text) {
        try {
            CSVFormat format = CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get();
            return new ArrayList<>(format.parse(new StringReader(text)).getRecords());
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static JsonNode rows(String dataset, String split, int limit) {
        return Service.json(service.get(
                        "/api/v1/datasets/" + dataset + "/versions/1/rows?split=" + split + "&limit=" + limit))
                .get("items");
    }

    private static JsonNode predict(JsonNode rows) {
        String instances = String.join(
                ",",
                rows.valueStream().map(row -> row.get("instance").toString()).toList());
        return Service.json(service.post(
                        "/predict",
                        "{\"model\": \"%s\", \"version\": 1, \"instances\": [%s]}".formatted(MODEL, instances)))
                .get("predictions");
    }
}
