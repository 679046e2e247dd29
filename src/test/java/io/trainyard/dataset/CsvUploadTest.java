package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.Multipart;
import io.trainyard.Service;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;

/** Tables by upload, over HTTP: what is made of their columns, how rows are held out, and that they train and serve. */
class CsvUploadTest {

    private static final Service service = Service.shared();

    @Test
    void irisIsWhatTheBuiltInOneIs() throws IOException {
        byte[] csv = new ClassPathResource("datasets/iris.csv").getContentAsByteArray();
        JsonNode version = CsvUpload.added(
                "csv-iris",
                "{'format': 'csv', 'label': 'species', 'description': 'As measured'}",
                Map.of("train", csv));

        assertThat(version.get("version").intValue()).isEqualTo(1);
        assertThat(version.get("task").stringValue()).isEqualTo("classification");
        assertThat(version.get("rows").intValue()).isEqualTo(150);
        assertThat(version.get("input_shape")).hasToString("[4]");
        assertThat(version.get("classes")).hasToString("[\"setosa\",\"versicolor\",\"virginica\"]");
        assertThat(version.at("/splits/test"))
                .hasToString("{\"rows\":30,\"class_counts\":{\"setosa\":10,\"versicolor\":10,\"virginica\":10}}");
        assertThat(version.at("/statistics/features/0/count").intValue()).isEqualTo(120);
        assertThat(version.at("/statistics/features/0/histogram/counts")
                        .valueStream()
                        .mapToInt(JsonNode::intValue)
                        .sum())
                .isEqualTo(120);
        assertThat(version.at("/provenance/files/0/name").stringValue()).isEqualTo("train.csv");
        assertThat(version.at("/provenance/spec/seed").intValue()).isEqualTo(42);
        assertThat(Service.json(service.get("/api/v1/datasets/csv-iris"))
                        .get("description")
                        .stringValue())
                .isEqualTo("As measured");

        JsonNode job = service.await(
                service.submit(
                        Service.irisJob("csv-iris", 40).replace("\"dataset\": \"iris\"", "\"dataset\": \"csv-iris\"")),
                "SUCCEEDED",
                "FAILED");
        assertThat(job.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.85);
    }

    @Test
    void mixedTableTrainsAndServesByItsRawColumns() {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder csv = new StringBuilder("id,age,city,note,size,bought\r\n");
        for (int i = 0; i < 2000; i++) {
            boolean bought = random.nextInt(10) == 0;
            String city = bought ? "\"Rome, Italy\"" : random.nextBoolean() ? "Oslo" : "";
            String age = i % 7 == 0 ? "NA" : String.valueOf(random.nextInt(20, 60) + (bought ? 20 : 0));
            csv.append(i)
                    .append(',')
                    .append(age)
                    .append(',')
                    .append(city)
                    .append(",\"words ")
                    .append(i)
                    .append("\nand \"\"more\"\"\",")
                    .append(bought ? "L" : "S")
                    .append(',')
                    .append(bought ? "yes" : "no")
                    .append("\r\n");
        }
        JsonNode version = CsvUpload.added("csv-mixed", """
                {'format': 'csv', 'label': 'bought', 'validation_fraction': 0.25, 'columns': {
                    'id': {'type': 'ignored'}, 'age': {'missing_indicator': true},
                    'size': {'encoding': 'ordinal', 'values': ['S', 'M', 'L']}}}""", csv.toString());
        // age and its indicator, two cities and none, size
        assertThat(version.get("input_shape")).hasToString("[6]");
        assertThat(version.at("/encoding/columns/1/values")).hasToString("[\"Oslo\",\"Rome, Italy\",\"\"]");
        assertThat(version.at("/provenance/warnings").toString()).contains("column 'note' is left out");
        assertThat(version.at("/splits/test/rows").intValue()).isEqualTo(500);
        assertThat(version.at("/statistics/features/0/missing").intValue()).isPositive();

        JsonNode job = service.await(
                service.submit(Service.irisJob("csv-mixed", 5)
                        .replace("\"dataset\": \"iris\"", "\"dataset\": \"csv-mixed\"")
                        .replace("\"units\": 3", "\"units\": 2")),
                "SUCCEEDED",
                "FAILED");
        assertThat(job.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.97);

        assertThat(label("{'age': 70, 'city': 'Rome, Italy', 'size': 'L'}")).isEqualTo("yes");
        assertThat(label("{'age': null, 'size': 'S'}")).isEqualTo("no");
        assertRefused("{'age': 30, 'city': 'Roma', 'size': 'S'}", "/instances/0/city", "is none of its values, 'Oslo'");
        assertRefused("{'age': 30, 'city': 'Oslo'}", "/instances/0/size", "is required");
        assertRefused("[30, 0, 1]", "/instances/0", "must name its columns");

        HttpResponse<String> rows = service.send(HttpRequest.newBuilder(service.uri("/predict?model=csv-mixed"))
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString("age,city,size\r\n70,\"Rome, Italy\",L\r\n,,S\r\n")));
        assertThat(Service.json(rows).at("/predictions/0/label").stringValue()).isEqualTo("yes");
        assertThat(Service.json(rows).at("/predictions/1/label").stringValue()).isEqualTo("no");

        // What the rows page shows can be sent as it is.
        JsonNode shown = Service.json(service.get("/api/v1/datasets/csv-mixed/versions/1/rows?split=test&limit=50"));
        JsonNode answers = Service.json(service.post(
                "/predict",
                "{\"model\": \"csv-mixed\", \"instances\": ["
                        + String.join(
                                ",",
                                shown.get("items")
                                        .valueStream()
                                        .map(item -> item.get("instance").toString())
                                        .toList())
                        + "]}"));
        int right = 0;
        for (int i = 0; i < 50; i++) {
            right += answers.at("/predictions/" + i + "/label").equals(shown.at("/items/" + i + "/label")) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(45);
    }

    @Test
    void batchPredictionTranslatesTheTextsOfAnotherVersion() {
        String spec = "{'format': 'csv', 'label': 'y', 'columns': {'x': {'missing': 'category'}}}";
        CsvUpload.added("csv-texts", spec, table("b", "c"));
        service.await(
                service.submit(Service.irisJob("csv-texts", 30)
                        .replace("\"dataset\": \"iris\"", "\"dataset\": {\"name\": \"csv-texts\", \"version\": 1}")
                        .replace("\"units\": 3", "\"units\": 2")),
                "SUCCEEDED");
        // In this one the same texts have other places.
        JsonNode other = CsvUpload.added(
                "csv-texts",
                spec,
                "x,y\n" + "a,no\n".repeat(100) + table("b", "c").substring(4));
        assertThat(other.get("version").intValue()).isEqualTo(2);
        String id = Service.json(service.post("/api/v1/batch-predictions", """
                        {"model": "csv-texts", "version": "latest", "dataset": {"name": "csv-texts", "version": 2},
                         "split": "test"}"""))
                .get("id")
                .stringValue();
        JsonNode job = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(job.get("status_reason").stringValue()).contains("row ", ": x is none of its values, 'b', 'c'");

        CsvUpload.added(
                "csv-texts", spec, "x,y\n" + table("c", "b").substring(4).replace("no", "on"));
        JsonNode turned = CsvUpload.added(
                "csv-texts", spec.replace("'missing'", "'values': ['c', 'b'], 'missing'"), table("b", "c"));
        String again = Service.json(service.post("/api/v1/batch-predictions", """
                        {"model": "csv-texts", "version": "latest", "dataset": {"name": "csv-texts", "version": %d},
                         "split": "test"}""".formatted(
                                turned.get("version").intValue())))
                .get("id")
                .stringValue();
        JsonNode done = service.await(again, "SUCCEEDED", "FAILED");
        assertThat(done.at("/result/metrics/accuracy").doubleValue()).isEqualTo(1);
    }

    @Test
    void textsAsIntegersCanBeEmbedded() {
        StringBuilder csv = new StringBuilder("a,b,y\n");
        for (int i = 0; i < 400; i++) {
            csv.append("u" + i % 4 + ",v" + i % 5 + "," + ((i % 4 + i % 5) % 2 == 0 ? "even" : "odd") + "\n");
        }
        CsvUpload.added("csv-embedded", """
                {'format': 'csv', 'label': 'y', 'columns': {
                    'a': {'encoding': 'ordinal', 'values': ['u0', 'u1', 'u2', 'u3']},
                    'b': {'encoding': 'ordinal', 'values': ['v0', 'v1', 'v2', 'v3', 'v4']}}}""", csv.toString());
        String job = """
                {"model": "csv-embedded", "dataset": "csv-embedded", "network": {"layers": [
                    {"type": "embedding", "input_dim": %d, "output_dim": 8}, {"type": "flatten"},
                    {"type": "dense", "units": 16, "activation": "relu"},
                    {"type": "dense", "units": 2, "activation": "softmax"}]},
                 "training": {"epochs": 60, "batch_size": 16, "seed": 3,
                              "optimizer": {"type": "adam", "learning_rate": 0.02}}}""";
        HttpResponse<String> small = service.post("/api/v1/jobs", job.formatted(4));
        assertThat(small.statusCode()).isEqualTo(422);
        assertThat(small.body()).contains("/network/layers/0/input_dim", "must be at least 5");
        JsonNode done = service.await(service.submit(job.formatted(5)), "SUCCEEDED", "FAILED");
        assertThat(done.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.95);
        assertThat(Service.json(service.post(
                                "/predict",
                                "{\"model\": \"csv-embedded\", \"instances\": [{\"a\": \"u3\", \"b\": \"v2\"}]}"))
                        .at("/predictions/0/label")
                        .stringValue())
                .isEqualTo("odd");
    }

    /** x tells y. */
    private static String table(String yes, String no) {
        StringBuilder csv = new StringBuilder("x,y\n");
        for (int i = 0; i < 200; i++) {
            csv.append(i % 2 == 0 ? yes + ",yes\n" : no + ",no\n");
        }
        return csv.toString();
    }

    @Test
    void everyRowIsInOneSplitAndTheShareOfEachClassIsExact() {
        StringBuilder csv = new StringBuilder("x,y\n");
        for (int i = 0; i < 1000; i++) {
            csv.append(i).append(',').append(i % 10 == 0 ? "rare" : "common").append('\n');
        }
        String spec = "{'format': 'csv', 'label': 'y', 'validation_fraction': 0.3, 'seed': %d}";
        JsonNode version = CsvUpload.added("csv-split", spec.formatted(5), csv.toString());
        assertThat(version.at("/splits/test/class_counts")).hasToString("{\"common\":270,\"rare\":30}");
        assertThat(version.at("/splits/train/class_counts")).hasToString("{\"common\":630,\"rare\":70}");
        List<Integer> all = new ArrayList<>(column("csv-split", 1, "train", "x"));
        all.addAll(column("csv-split", 1, "test", "x"));
        assertThat(all).hasSize(1000).doesNotHaveDuplicates();
        assertThat(version.at("/provenance/duplicates").intValue()).isZero();

        // The same seed makes the same version, another seed another.
        JsonNode same = CsvUpload.added("csv-split", spec.formatted(5), csv.toString());
        JsonNode other = CsvUpload.added("csv-split", spec.formatted(6), csv.toString());
        assertThat(same.get("sha256")).isEqualTo(version.get("sha256"));
        assertThat(other.get("sha256")).isNotEqualTo(version.get("sha256"));
    }

    private static List<Integer> column(String name, int version, String split, String column) {
        List<Integer> values = new ArrayList<>();
        for (int offset = 0; ; offset += 500) {
            JsonNode page = Service.json(service.get("/api/v1/datasets/" + name + "/versions/" + version
                    + "/rows?split=" + split + "&limit=500&offset=" + offset));
            page.get("items")
                    .forEach(item -> values.add(item.at("/instance/" + column).intValue()));
            if (page.get("items").size() < 500) {
                return values;
            }
        }
    }

    @Test
    void eachClassKeepsARowToTrainWith() {
        String csv = "x,y\n" + "1,rare\n" + "2,common\n".repeat(30);
        JsonNode version =
                CsvUpload.added("csv-rare", "{'format': 'csv', 'label': 'y', 'validation_fraction': 0.9}", csv);
        assertThat(version.at("/splits/train/class_counts/rare").intValue()).isEqualTo(1);
        assertThat(version.at("/provenance/warnings").toString()).contains("of class 'rare' no row is held out");
    }

    @Test
    void rowsThatWereSentToTrainMeanTheSameToPredict() {
        StringBuilder csv = new StringBuilder("x,c,y\n");
        for (int i = 0; i < 300; i++) {
            String text = List.of("1.50", "NA", "mauve").get(i % 3);
            csv.append(i % 2 == 0 ? "0.5," : "?,").append(text).append(i % 3 == 0 ? ",p\n" : ",q\n");
        }
        CsvUpload.added("csv-same", """
                {'format': 'csv', 'label': 'y', 'missing_values': ['NA', '?'],
                 'columns': {'x': {'missing_indicator': true}, 'c': {'values': ['1.50', 'other'], 'unknown': 'ignore'}}}""", csv.toString());
        service.await(
                service.submit(Service.irisJob("csv-same", 2)
                        .replace("\"dataset\": \"iris\"", "\"dataset\": \"csv-same\"")
                        .replace("\"units\": 3", "\"units\": 2")),
                "SUCCEEDED");
        JsonNode answers = Service.json(service.post("/predict", """
                {"model": "csv-same", "instances": [{"x": 0.5, "c": "NA"}, {"x": 0.5, "c": null}, {"x": 0.5, "c": "mauve"},
                    {"x": 0.5, "c": "\uFFFD"}, {"x": 0.5, "c": 1.5}, {"x": 0.5, "c": "1.50"}, {"x": "?", "c": "1.50"}]}"""));
        List<JsonNode> given = answers.get("predictions")
                .valueStream()
                .map(answer -> answer.get("probabilities"))
                .toList();
        assertThat(given.get(0)).isEqualTo(given.get(1)).isNotEqualTo(given.get(2));
        assertThat(given.get(2)).isEqualTo(given.get(3)).isNotEqualTo(given.get(5));
        assertThat(given.get(4)).isEqualTo(given.get(5)).isNotEqualTo(given.get(6));
        HttpResponse<String> rows = service.send(HttpRequest.newBuilder(service.uri("/predict?model=csv-same"))
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString("x,c\n0.5,NA\n0.5,mauve\n?,1.50\n")));
        assertThat(Service.json(rows).at("/predictions/0/probabilities")).isEqualTo(given.get(0));
        assertThat(Service.json(rows).at("/predictions/1/probabilities")).isEqualTo(given.get(2));
        assertThat(Service.json(rows).at("/predictions/2/probabilities")).isEqualTo(given.get(6));
        // A row that is shown can be sent, also where its text was not kept.
        JsonNode shown = Service.json(service.get("/api/v1/datasets/csv-same/versions/1/rows?limit=50"));
        assertThat(shown.toString()).contains("\uFFFD");
        HttpResponse<String> far =
                service.post("/predict", "{\"model\": \"csv-same\", \"instances\": [{\"x\": 3e38, \"c\": \"1.50\"}]}");
        assertThat(far.body()).doesNotContain("NaN");
    }

    @Test
    void encodingIsFittedOnTheTrainingRowsOnly() {
        JsonNode version = CsvUpload.added(
                "csv-fit",
                "{'format': 'csv', 'label': 'y'}",
                Map.of(
                        "train",
                                ("x,c,y\n" + "1,a,p\n3,a,q\n1,b,p\n3,b,q\n".repeat(5)).getBytes(StandardCharsets.UTF_8),
                        "test", "x,c,y\n1000,z,p\n3,a,q\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(version.at("/encoding/columns/0/mean").doubleValue()).isEqualTo(2);
        assertThat(version.at("/encoding/columns/0/std").doubleValue()).isEqualTo(1);
        assertThat(version.at("/encoding/columns/1/unseen")).hasToString("[\"z\"]");
        assertThat(version.get("input_shape")).hasToString("[3]");
        assertThat(version.at("/statistics/features/0/max").doubleValue()).isEqualTo(3);
        assertThat(version.at("/provenance/warnings").toString())
                .contains("column 'c' has texts that no training row has", "z", "1 of the 2 rows held out");
        assertThat(version.at("/provenance/duplicates").intValue()).isEqualTo(1);
    }

    @Test
    void quantityIsToldByNumbers() {
        StringBuilder csv = new StringBuilder("\uFEFFx;z;price\n");
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 500; i++) {
            double x = random.nextDouble(-1, 1);
            csv.append((x + ";" + random.nextInt(9) + ";" + 3 * x + "\n").replace('.', ','));
        }
        JsonNode version = CsvUpload.added(
                "csv-quantity", "{'format': 'csv', 'label': 'price', 'decimal_comma': true}", csv.toString());
        assertThat(version.get("task").stringValue()).isEqualTo("regression");
        assertThat(version.get("target").stringValue()).isEqualTo("price");
        assertThat(version.at("/statistics/label/max").doubleValue()).isCloseTo(3, within(0.1));
        assertThat(version.at("/statistics/label/count").intValue()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "as a table with gaps writes them, '0.0,1.0,0.0,1.0', classification, '[\"0.0\",\"1.0\"]'",
        "whole numbers are classes, '1,2,1,2', classification, '[\"1\",\"2\"]'",
        "in the order of their values, '10,9,10,9', classification, '[\"9\",\"10\"]'",
        "texts are classes, 'b,a,b,a', classification, '[\"a\",\"b\"]'",
        "other numbers are quantities, '1.5,2,1.5,2', regression, '[]'",
    })
    void taskFollowsFromTheLabel(String what, String labels, String task, String classes) {
        StringBuilder csv = new StringBuilder("x,y\n");
        for (int i = 0; i < 40; i++) {
            csv.append(i)
                    .append(',')
                    .append(List.of(labels.split(",", -1)).get(i % 4))
                    .append('\n');
        }
        JsonNode version = CsvUpload.added("csv-task", "{'format': 'csv', 'label': 'y'}", csv.toString());
        assertThat(version.get("task").stringValue()).as(what).isEqualTo(task);
        assertThat(version.get("classes")).hasToString(classes);
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16LE, true",
        "UTF-16BE, true",
        "UTF-8, true",
        "UTF-8, false",
        "ISO-8859-1, false",
        "windows-1252, false"
    })
    void textsAreReadInTheirEncoding(String encoding, boolean mark) {
        String csv = (mark ? "\uFEFF" : "") + "größe,y\n" + "ä,p\nö,q\n".repeat(20);
        String spec = mark ? "" : ", 'encoding': '" + encoding + "'";
        JsonNode version = CsvUpload.added(
                "csv-encoding",
                "{'format': 'csv', 'label': 'y'" + spec + "}",
                Map.of("train", csv.getBytes(Charset.forName(encoding))));
        assertThat(version.at("/encoding/columns/0/name").stringValue()).isEqualTo("größe");
        assertThat(version.at("/encoding/columns/0/values")).hasToString("[\"ä\",\"ö\"]");
    }

    @Test
    void fileWithoutHeaderAndWithTabs() {
        JsonNode version = CsvUpload.added(
                "csv-tabs",
                "{'format': 'csv', 'label': 'column_3', 'header': false, 'delimiter': '\\t', 'features': ['column_2']}",
                "1\t5\tp\n2\t6\tq\n".repeat(10));
        assertThat(version.get("rows").intValue()).isEqualTo(20);
        assertThat(version.get("input_shape")).hasToString("[1]");
        assertThat(version.at("/encoding/columns/0/name").stringValue()).isEqualTo("column_2");
    }

    @Test
    void missingValuesBecomeWhatTheirUserSays() {
        String csv = "a,b,c,d,y\n" + "1,1,1,u,p\n,,,v,q\n3,3,3,,p\n5,5,5,u,q\n".repeat(10);
        JsonNode version = CsvUpload.added("csv-missing", """
                {'format': 'csv', 'label': 'y', 'columns': {'a': {'missing': 'zero', 'standardize': false},
                    'b': {'missing': 'mean'}, 'c': {'missing': 'drop'}, 'd': {'missing': 'most_frequent'}}}""", csv);
        assertThat(version.get("rows").intValue()).isEqualTo(30);
        assertThat(version.at("/encoding/columns/0"))
                .hasToString(
                        "{\"type\":\"numeric\",\"name\":\"a\",\"mean\":0.0,\"std\":1.0,\"missing\":{\"fill\":0.0,\"indicator\":false}}");
        assertThat(version.at("/encoding/columns/1/missing/fill")).isEqualTo(version.at("/encoding/columns/1/mean"));
        assertThat(version.at("/encoding/columns/2").has("missing")).isFalse();
        assertThat(version.at("/encoding/columns/3/missing").stringValue()).isEqualTo("u");
    }

    @Test
    void versionsAreNumberedAndOneThatNothingRefersToCanBeDeleted() {
        String spec = "{'format': 'csv', 'label': 'y'}";
        String csv = "x,y\n" + "1,p\n2,q\n".repeat(10);
        assertThat(CsvUpload.added("csv-versions", spec, csv).get("version").intValue())
                .isEqualTo(1);
        assertThat(CsvUpload.added("csv-versions", spec, csv).get("version").intValue())
                .isEqualTo(2);
        assertThat(delete("/api/v1/datasets/csv-versions/versions/2").statusCode())
                .isEqualTo(204);
        assertThat(delete("/api/v1/datasets/csv-versions/versions/2").statusCode())
                .isEqualTo(404);
        assertThat(CsvUpload.added("csv-versions", spec, csv).get("version").intValue())
                .isEqualTo(3);

        service.await(
                service.submit(Service.irisJob("csv-versions", 1)
                        .replace("\"dataset\": \"iris\"", "\"dataset\": \"csv-versions\"")
                        .replace("\"units\": 3", "\"units\": 2")),
                "SUCCEEDED");
        HttpResponse<String> refused = delete("/api/v1/datasets/csv-versions/versions/3");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(Service.json(refused).get("type").stringValue()).isEqualTo("/problems/dataset-in-use");
        assertThat(service.get("/api/v1/datasets/csv-versions/versions/3").statusCode())
                .isEqualTo(200);
    }

    @Test
    void nameOfABuiltInDatasetKeepsItsFirstVersion() throws IOException {
        byte[] csv = new ClassPathResource("datasets/iris.csv").getContentAsByteArray();
        JsonNode version = CsvUpload.added("moons", "{'format': 'csv', 'label': 'species'}", Map.of("train", csv));
        assertThat(version.get("version").intValue()).isEqualTo(2);
        assertThat(Service.json(service.get("/api/v1/datasets/moons/versions/1"))
                        .get("classes"))
                .hasToString("[\"lower\",\"upper\"]");
        assertThat(delete("/api/v1/datasets/moons/versions/2").statusCode()).isEqualTo(204);
    }

    @Test
    void sameKeyAndBodyGiveTheFirstAnswerAgain() {
        Map<String, byte[]> files =
                Map.of("train", ("x,y\n" + "1,p\n2,q\n".repeat(10)).getBytes(StandardCharsets.UTF_8));
        String spec = "{'format': 'csv', 'label': 'y'}";
        String[] key = {"Idempotency-Key", "csv-once"};
        HttpResponse<String> first = CsvUpload.send("csv-once", spec, files, key);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location")).hasValue("/api/v1/datasets/csv-once/versions/1");
        HttpResponse<String> second = CsvUpload.send("csv-once", spec, files, key);
        assertThat(Service.json(second)).isEqualTo(Service.json(first));
        HttpResponse<String> other = CsvUpload.send("csv-once", spec.replace("}", ", 'seed': 1}"), files, key);
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(Service.json(other).get("type").stringValue()).isEqualTo("/problems/idempotency-key-reused");
    }

    /** A form in a browser sends a part for each of its fields. */
    @Test
    void fieldsThatWereLeftEmptyAreNoParts() {
        String field = "--" + Multipart.BOUNDARY + "\r\nContent-Disposition: form-data; name=";
        String empty = field + "\"archive\"\r\n\r\n\r\n" + field
                + "\"test\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n";
        String body = new String(
                CsvUpload.body(
                        "{'format': 'csv', 'label': 'y'}",
                        Map.of("train", ("x,y\n" + "1,p\n2,q\n".repeat(10)).getBytes(StandardCharsets.UTF_8))),
                StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/datasets/csv-form/versions"))
                        .header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofString(empty + body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void listsArePaged() {
        JsonNode first = Service.json(service.get("/api/v1/datasets?limit=2"));
        assertThat(first.get("items")).hasSize(2);
        String cursor = first.get("next_cursor").stringValue();
        JsonNode second = Service.json(service.get("/api/v1/datasets?limit=500&cursor=" + cursor));
        assertThat(second.at("/items/0/name").stringValue()).isGreaterThan(cursor);
        assertThat(second.has("next_cursor")).isFalse();
    }

    private static String label(String instance) {
        return Service.json(service.post("/predict", request(instance)))
                .at("/predictions/0/label")
                .stringValue();
    }

    private static void assertRefused(String instance, String pointer, String detail) {
        HttpResponse<String> answer = service.post("/predict", request(instance));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        assertThat(Service.json(answer).at("/errors/0/detail").stringValue()).contains(detail);
    }

    private static String request(String instance) {
        return "{\"model\": \"csv-mixed\", \"instances\": [" + instance.replace('\'', '"') + "]}";
    }

    private static HttpResponse<String> delete(String path) {
        return service.send(HttpRequest.newBuilder(service.uri(path)).DELETE());
    }
}
