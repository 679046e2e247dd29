package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Requests as TensorFlow Serving's documents print them get the answers of {@code /predict}, in their own form. */
class TensorFlowTest {

    private static final Service SERVICE = Service.shared();
    private static final String ROWS = "[[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]";
    private static final String MODELS = "/v1/models/";

    @BeforeAll
    static void trains() {
        for (int version = 1; version <= 2; version++) {
            SERVICE.await(SERVICE.submit(Service.irisJob("tensorflow", 2 * version)), "SUCCEEDED");
        }
        SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/api/v1/models/tensorflow/aliases/stable"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"version\": 1}")));
    }

    @ParameterizedTest
    @CsvSource({"tensorflow, 2", "tensorflow/versions/1, 1", "tensorflow/versions/2, 2", "tensorflow/labels/stable, 1"})
    void rowsGetTheProbabilitiesOfTheVersion(String path, int version) {
        JsonNode expected = Service.json(SERVICE.post(
                        "/predict",
                        "{\"model\": \"tensorflow\", \"version\": %d, \"instances\": %s}".formatted(version, ROWS)))
                .get("predictions");
        JsonNode byRow = json(SERVICE.post(MODELS + path + ":predict", "{\"instances\": %s}".formatted(ROWS)));
        assertThat(byRow.propertyNames()).containsExactly("predictions");
        JsonNode byColumn = json(SERVICE.post(
                MODELS + path + ":predict",
                "{\"signature_name\": \"serving_default\", \"inputs\": %s}".formatted(ROWS)));
        assertThat(byColumn.propertyNames()).containsExactly("outputs");
        for (int row = 0; row < 2; row++) {
            assertThat(byRow.get("predictions").get(row))
                    .isEqualTo(expected.get(row).get("probabilities"));
            assertThat(byColumn.get("outputs").get(row))
                    .isEqualTo(expected.get(row).get("probabilities"));
        }
    }

    @Test
    void numberIsGivenAsANumber() {
        SERVICE.await(SERVICE.submit("""
                {"model": "tensorflow-number", "dataset": "friedman1", "network": {"layers": [{"type": "dense", "units": 1}]},
                 "training": {"epochs": 1}}"""), "SUCCEEDED");
        JsonNode answer = json(SERVICE.post(
                MODELS + "tensorflow-number:predict",
                "{\"instances\": [[0,0,0,0,0,0,0,0,0,0], [1,1,1,1,1,1,1,1,1,1]]}"));
        assertThat(answer.get("predictions")).hasSize(2).allMatch(JsonNode::isNumber);
    }

    @Test
    void largeRequestIsTakenAsByPredict() {
        String rows = "[" + "[5.100000000, 3.500000000, 1.400000000, 0.200000000],".repeat(9999) + "[1, 1, 1, 1]]";
        JsonNode answer = json(SERVICE.post(MODELS + "tensorflow:predict", "{\"instances\": %s}".formatted(rows)));
        assertThat(answer.get("predictions")).hasSize(10_000);
        HttpResponse<String> tooMany = SERVICE.post(
                MODELS + "tensorflow:predict", "{\"instances\": %s}".formatted("[[1, 1, 1, 1]," + rows.substring(1)));
        assertThat(tooMany.statusCode()).isEqualTo(413);
        assertThat(Service.json(tooMany).get("error").stringValue()).contains("10001 instances");
    }

    @Test
    void contentTypeDoesNotMatter() {
        HttpResponse<String> answer = SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(MODELS + "tensorflow:predict"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{\"instances\": %s}".formatted(ROWS))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void statusListsTheVersions() {
        assertThat(SERVICE.get(MODELS + "tensorflow/versions/1").body())
                .isEqualTo("{\"model_version_status\":[{\"version\":\"1\",\"state\":\"AVAILABLE\","
                        + "\"status\":{\"error_code\":\"OK\",\"error_message\":\"\"}}]}");
        assertThat(json(SERVICE.get(MODELS + "tensorflow"))
                        .get("model_version_status")
                        .valueStream()
                        .map(status -> status.get("version").stringValue()))
                .containsExactly("2", "1");
        assertThat(json(SERVICE.get(MODELS + "tensorflow/labels/stable"))
                        .at("/model_version_status/0/version")
                        .stringValue())
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            none:predict                     | {"instances": [[1, 2, 3, 4]]}                              | 404 | 'none'
            tensorflow/versions/9:predict    | {"instances": [[1, 2, 3, 4]]}                              | 404 | 9
            tensorflow/versions/x:predict    | {"instances": [[1, 2, 3, 4]]}                              | 400 | 'x'
            tensorflow/labels/none:predict   | {"instances": [[1, 2, 3, 4]]}                              | 404 | none
            tensorflow:predict               | {"instances": [[1, 2, 3]]}                                 | 422 | has shape [3]
            tensorflow:predict               | {"instances": []}                                          | 422 | at least one
            tensorflow:predict               | {}                                                         | 422 | 'inputs'
            tensorflow:predict               | {"instances": [[1, 2, 3, 4]], "inputs": [[1, 2, 3, 4]]}    | 422 | not both
            tensorflow:predict               | {"instances": [[1, 2, 3, 4]], "signature_name": "train"}   | 422 | serving_default
            tensorflow:predict               | {"instances": [[1, 2, 3, 4]]                               | 400 | JSON
            """)
    void errorsHaveTensorFlowsForm(String path, String body, int status, String fragment) {
        HttpResponse<String> answer = SERVICE.post(MODELS + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = Service.json(answer);
        assertThat(error.propertyNames()).containsExactly("error");
        assertThat(error.get("error").stringValue()).contains(fragment);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Service.json(answer);
    }
}
