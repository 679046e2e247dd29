package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What {@code POST /predict} says is what the published network computes, for the exact version that it names. */
class PredictionsTest {

    private static final String DIGITS_JOB = """
            {"model": "predicted", "dataset": "digits",
             "network": {"layers": [
                {"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "use_bias": false},
                {"type": "batch_normalization", "scale": false}, {"type": "activation", "activation": "relu"},
                {"type": "max_pooling2d"}, {"type": "flatten"}, {"type": "dropout", "rate": 0.2},
                {"type": "dense", "units": 10, "activation": "softmax"}]},
             "training": {"epochs": 4, "seed": 1, "optimizer": {"type": "adam", "learning_rate": 0.01}}}
            """;

    private static final Service SERVICE = Service.shared();

    @SuppressWarnings("NullAway.Init")
    private static JsonNode rows;

    @BeforeAll
    static void trains() {
        String id = SERVICE.submit(DIGITS_JOB);
        assertThat(SERVICE.await(id, "SUCCEEDED", "FAILED").get("status").stringValue())
                .isEqualTo("SUCCEEDED");
        rows = Service.json(SERVICE.get("/api/v1/datasets/digits/versions/1/rows?split=test&limit=500"))
                .get("items");
    }

    @Test
    void accuracyOverHttpIsThatOfTheEvaluation() {
        JsonNode predictions = predict(instances(), "\"latest\"").get("predictions");
        int right = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (predictions.get(i).get("label").equals(rows.get(i).get("label"))) {
                right++;
            }
        }
        JsonNode evaluation = Service.json(SERVICE.get("/api/v1/models/predicted/versions/1/evaluation"));
        assertThat((double) right / rows.size())
                .isEqualTo(evaluation.get("accuracy").doubleValue());
        int support = 0;
        for (JsonNode score : evaluation.get("classes")) {
            support += score.get("support").intValue();
        }
        assertThat(support).isEqualTo(rows.size());
        assertThat(evaluation.get("mistakes")).hasSize(rows.size() - right);
    }

    /** Friedman's columns lie between 0 and 1: what is finite may be more than 32-bit numbers can compute with. */
    @Test
    void answerThatIsNoFiniteNumberIsAnError() {
        SERVICE.await(SERVICE.submit("""
                        {"model": "predicted-numbers", "dataset": "friedman1",
                         "network": {"layers": [{"type": "dense", "units": 32, "activation": "relu"},
                                                {"type": "dense", "units": 1}]},
                         "training": {"epochs": 3, "seed": 1}}"""), "SUCCEEDED");
        StringBuilder row = new StringBuilder("{");
        for (int i = 1; i <= 10; i++) {
            row.append("\"x").append(i).append("\": ").append("%s").append(i < 10 ? "," : "}");
        }
        String fine = row.toString().replace("%s", "0.5");
        String far = row.toString().replace("%s", "9e37");
        HttpResponse<String> answer = SERVICE.post(
                "/predict", "{\"model\": \"predicted-numbers\", \"instances\": [" + fine + "," + far + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo("/instances/1");
        assertThat(answer.body()).contains("the network's answer is no finite number");
    }

    @Test
    void probabilitiesSumToOneAndTheLabelIsTheMostProbable() {
        JsonNode prediction = predict(instances().subList(0, 1), "1").at("/predictions/0");
        double sum = 0;
        double best = 0;
        for (JsonNode probability : prediction.get("probabilities")) {
            sum += probability.doubleValue();
            best = Math.max(best, probability.doubleValue());
        }
        assertThat(sum).isBetween(1 - 1e-5, 1 + 1e-5);
        assertThat(prediction.get("probability").doubleValue()).isEqualTo(best);
        assertThat(prediction.get("top_k")).hasSize(3);
        assertThat(prediction.at("/top_k/0/label")).isEqualTo(prediction.get("label"));
    }

    @Test
    void nestedAndFlatInstancesGetTheSameAnswer() {
        JsonNode pixels = rows.get(0).get("instance");
        StringBuilder nested = new StringBuilder("[");
        for (int y = 0; y < 8; y++) {
            nested.append(y == 0 ? "[" : ",[");
            for (int x = 0; x < 8; x++) {
                nested.append(x == 0 ? "[" : ",[").append(pixels.get(8 * y + x)).append("]");
            }
            nested.append("]");
        }
        nested.append("]");
        assertThat(predict(List.of(nested.toString()), "1").get("predictions"))
                .isEqualTo(predict(List.of(pixels.toString()), "1").get("predictions"));
    }

    @Test
    void concurrentCallersGetTheirOwnAnswers() {
        List<String> instances = instances().subList(0, 40);
        JsonNode together = predict(instances, "1").get("predictions");
        List<CompletableFuture<JsonNode>> calls = instances.stream()
                .map(instance -> CompletableFuture.supplyAsync(() -> predict(List.of(instance), "1")))
                .toList();
        for (int i = 0; i < calls.size(); i++) {
            JsonNode alone = calls.get(i).join();
            assertThat(alone.get("version").intValue()).isEqualTo(1);
            assertThat(alone.at("/predictions/0/label")).isEqualTo(together.at("/" + i + "/label"));
            assertThat(alone.at("/predictions/0/probability").doubleValue())
                    .isCloseTo(together.at("/" + i + "/probability").doubleValue(), Offset.offset(1e-5));
        }
    }

    @Test
    void rowsOfATableArePredictedByColumnName() {
        SERVICE.await(SERVICE.submit(Service.irisJob("flowers", 60)), "SUCCEEDED");
        String body = """
                {"model": "flowers", "instances": [
                  {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2},
                  {"petal_width": 2.3, "petal_length": 6.0, "sepal_width": 3.0, "sepal_length": 6.8}]}
                """;
        JsonNode predictions = Service.json(SERVICE.post("/predict", body)).get("predictions");
        assertThat(predictions.at("/0/label").stringValue()).isEqualTo("setosa");
        assertThat(predictions.at("/1/label").stringValue()).isEqualTo("virginica");
    }

    @Test
    void pictureFilesArePredictedAsTheirPixelsAre() throws IOException {
        for (int row = 0; row < 20; row++) {
            BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
            JsonNode pixels = rows.get(row).get("instance");
            for (int i = 0; i < 64; i++) {
                picture.getRaster()
                        .setSample(i % 8, i / 8, 0, Math.round(pixels.get(i).floatValue() * 255 / 16));
            }
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", file);
            JsonNode answer = sent("image/png", "?model=predicted&version=1&top_k=3", file.toByteArray(), 200);
            assertThat(answer.get("version").intValue()).isEqualTo(1);
            JsonNode expected = predict(List.of(pixels.toString()), "1").at("/predictions/0");
            assertThat(answer.at("/predictions/0/label")).isEqualTo(expected.get("label"));
            assertThat(answer.at("/predictions/0/probability").doubleValue())
                    .isCloseTo(expected.get("probability").doubleValue(), Offset.offset(0.05));
            assertThat(answer.at("/predictions/0/top_k")).hasSize(3);
        }
    }

    @Test
    void rowsOfCsvArePredictedAsThoseOfJson() {
        SERVICE.await(SERVICE.submit(Service.irisJob("csv-flowers", 10)), "SUCCEEDED");
        JsonNode expected = Service.json(SERVICE.post("/predict", """
                        {"model": "csv-flowers", "instances": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}""")).get("predictions");
        String header = "petal_width,petal_length,\"sepal_width\",sepal_length";
        for (String csv : List.of(
                header + "\r\n0.2,1.4,3.5,5.1\r\n2.3,6.0,3.0,6.8\r\n",
                "\ufeff" + header + "\n0.2, 1.4, 3.5, 5.1\n\n\"2.3\",6e0,3.0,6.8")) {
            assertThat(sent("text/csv", "?model=csv-flowers", csv.getBytes(StandardCharsets.UTF_8), 200)
                            .get("predictions"))
                    .isEqualTo(expected);
        }
        byte[] utf16 = (header + "\n0.2,1.4,3.5,5.1\n2.3,6.0,3.0,6.8").getBytes(StandardCharsets.UTF_16LE);
        assertThat(sent("text/csv; charset=utf-16le; header=present", "?model=csv-flowers", utf16, 200)
                        .get("predictions"))
                .isEqualTo(expected);
        byte[] bare = "5.1,3.5,1.4,0.2\n6.8,3.0,6.0,2.3\n".getBytes(StandardCharsets.UTF_8);
        assertThat(sent("text/csv; header=absent", "?model=csv-flowers&version=1", bare, 200)
                        .get("predictions"))
                .isEqualTo(expected);

        byte[] pixels = instances().get(0).replaceAll("[\\[\\] ]", "").getBytes(StandardCharsets.UTF_8);
        assertThat(sent("text/csv", "?model=predicted&version=1&top_k=3", pixels, 200)
                        .get("predictions"))
                .isEqualTo(predict(instances().subList(0, 1), "1").get("predictions"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            text/csv                 | ?model=predicted&version=1           | 1,2,x                    | 422 | /instances/0: column 3 is 'x'
            text/csv                 | ?model=predicted&version=1           | 1,2,3                    | 422 | has shape [3]
            text/csv; header=present | ?model=predicted&version=1           | a,b\\n1,2               | 422 | pixels
            text/csv; header=maybe   | ?model=predicted&version=1           | 1                        | 400 | 'present' or 'absent'
            text/csv                 | ?model=predicted&version=1           | "1                       | 400 | not CSV
            text/csv                 | ?model=predicted&version=1           | ``                       | 422 | no row
            text/csv; header=present | ?model=predicted&version=1           | a,b\\n1                 | 422 | 1 cells
            text/csv; header=present | ?model=predicted&version=1           | a,a\\n1,2               | 400 | not CSV
            text/csv; header=present | ?model=predicted&version=1           | "a"b,c\\n1,2             | 400 | not CSV
            text/csv; header="absent" | ?model=predicted&version=1          | 1,2,3                    | 422 | has shape [3]
            text/csv                 | ?model=predicted&version=1           | 1,1d,3                   | 422 | column 2 is '1d'
            text/csv                 | ?model=predicted&version=1           | 0x1p3                    | 422 | column 1
            text/csv                 | ?version=1                           | 1                        | 400 | model
            text/csv                 | ?model=none                          | 1                        | 404 | none
            text/csv                 | ?model=predicted&version=none        | 1                        | 404 | none
            text/csv                 | ?model=predicted&version=0           | 1                        | 422 | version
            text/csv                 | ?model=predicted&version=1&top_k=0   | 1                        | 422 | top_k
            text/csv                 | ?model=predicted&version=1&top_k=x   | 1                        | 400 | top_k
            text/csv                 | ?model=predicted&timeout_ms=0        | 1                        | 422 | timeout_ms
            image/png                | ?model=predicted&version=1           | 1                        | 422 | neither PNG nor JPEG
            image/gif                | ?model=predicted&version=1           | 1                        | 415 | image/gif
            """)
    void whatCannotBeReadIsRefusedInWords(
            String type, String query, @Nullable String body, int status, String fragment) {
        byte[] bytes = (body == null ? "" : body).replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
        JsonNode problem = sent(type, query, bytes, status);
        assertThat(problem.get("detail").stringValue()).contains(fragment);
    }

    @Test
    void manyTinyInstancesAreNotEvenRead() {
        String body = "{\"model\": \"predicted\", \"instances\": [" + "[1],".repeat(1_000_000) + "[1]]}";
        HttpResponse<String> answer = SERVICE.post("/predict", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
        assertThat(answer.body()).contains("more than 1000000 instances");
    }

    @Test
    void instanceThatIsNoneIsNamed() {
        HttpResponse<String> answer =
                SERVICE.post("/predict", "{\"model\": \"predicted\", \"instances\": [[1], null]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo("/instances/1");
    }

    @Test
    void tooManyRowsOfCsvAreRefused() {
        byte[] rows = "1\n".repeat(10_001).getBytes(StandardCharsets.UTF_8);
        assertThat(sent("text/csv", "?model=predicted&version=1", rows, 413)
                        .get("detail")
                        .stringValue())
                .contains("10000 rows");
    }

    private static JsonNode sent(String type, String query, byte[] body, int status) {
        HttpResponse<String> answer = SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/predict" + query))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Service.json(answer);
    }

    private static List<String> instances() {
        List<String> instances = new ArrayList<>();
        rows.forEach(row -> instances.add(row.get("instance").toString()));
        return instances;
    }

    private static JsonNode predict(List<String> instances, String version) {
        var response = SERVICE.post(
                "/predict",
                "{\"model\": \"predicted\", \"version\": %s, \"top_k\": 3, \"instances\": [%s]}"
                        .formatted(version, String.join(",", instances)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Service.json(response);
    }
}
