package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
