package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Requests of the Open Inference Protocol's clients get the answers of {@code /predict}, in the protocol's form. */
class OpenInferenceTest {

    private static final Service SERVICE = Service.shared();
    private static final String MODEL = "/v2/models/inferred";
    private static final float[] ROWS = {5, 3.5f, 1.5f, 0.25f, 7, 3, 6, 2.25f};
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void trains() {
        for (int version = 1; version <= 2; version++) {
            SERVICE.await(SERVICE.submit(Service.irisJob("inferred", 2 * version)), "SUCCEEDED");
        }
        SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/api/v1/models/inferred/aliases/stable"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"version\": 1}")));
    }

    @Test
    void serverAndModelsDescribeThemselves() {
        JsonNode server = json(SERVICE.get("/v2"));
        assertThat(server.get("name").stringValue()).isEqualTo("trainyard");
        assertThat(server.get("extensions").toString()).isEqualTo("[\"binary_tensor_data\",\"classification\"]");
        assertThat(SERVICE.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(SERVICE.get("/v2/health/ready").body()).isEqualTo("{\"live\":true,\"ready\":true}");
        assertThat(SERVICE.get(MODEL + "/ready").body()).isEqualTo("{\"name\":\"inferred\",\"ready\":true}");
        assertThat(SERVICE.get(MODEL + "/versions/stable/ready").statusCode()).isEqualTo(200);

        JsonNode metadata = json(SERVICE.get(MODEL + "/versions/2"));
        assertThat(metadata).isEqualTo(json(SERVICE.get(MODEL)));
        assertThat(metadata.get("versions").toString()).isEqualTo("[\"2\",\"1\"]");
        assertThat(metadata.get("inputs").valueStream().map(input -> input.get("name")
                        .stringValue()))
                .containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
        assertThat(metadata.at("/outputs/0").toString())
                .isEqualTo("{\"name\":\"output\",\"datatype\":\"FP32\",\"shape\":[-1,3]}");
    }

    @ParameterizedTest
    @CsvSource({"'', 2", "/versions/1, 1", "/versions/2, 2", "/versions/stable, 1", "/versions/latest, 2"})
    void rowsGetTheProbabilitiesOfTheVersion(String path, int version) {
        JsonNode answer = json(SERVICE.post(MODEL + path + "/infer", """
                {"id": "42", "inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP32", "data": %s}],
                 "outputs": [{"name": "output"}]}""".formatted(Arrays.toString(ROWS))));
        assertThat(answer.get("model_name").stringValue()).isEqualTo("inferred");
        assertThat(answer.get("model_version").stringValue()).isEqualTo(String.valueOf(version));
        assertThat(answer.get("id").stringValue()).isEqualTo("42");
        assertThat(answer.at("/parameters/batch_size").intValue()).isPositive();
        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[2,3]");
        assertThat(answer.at("/outputs/0/datatype").stringValue()).isEqualTo("FP32");
        assertThat(floats(answer.at("/outputs/0/data"))).containsExactly(expected(version));
    }

    @Test
    void rowsMayBeNestedAndTablesComeByColumn() {
        JsonNode nested = json(SERVICE.post(MODEL + "/infer", """
                {"inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP64",
                             "data": [[5, 3.5, 1.5, 0.25], [7, 3, 6, 2.25]]}]}"""));
        assertThat(nested.has("id")).isFalse();
        assertThat(floats(nested.at("/outputs/0/data"))).containsExactly(expected(2));
        JsonNode columns = json(SERVICE.post(MODEL + "/infer", """
                {"inputs": [{"name": "petal_width", "shape": [2], "datatype": "FP32", "data": [0.25, 2.25]},
                            {"name": "petal_length", "shape": [2, 1], "datatype": "FP32", "data": [[1.5], [6]]},
                            {"name": "sepal_width", "shape": [2, 1], "datatype": "FP32", "data": [3.5, 3]},
                            {"name": "sepal_length", "shape": [2, 1], "datatype": "INT32", "data": [5, 7]}]}"""));
        assertThat(floats(columns.at("/outputs/0/data"))).containsExactly(expected(2));
    }

    @ParameterizedTest
    @CsvSource({"FP32", "FP64", "FP16"})
    void tensorsComeAndGoAsBytes(TensorType type) throws Exception {
        HttpResponse<byte[]> answer = infer("""
                {"inputs": [{"name": "input", "shape": [2, 4], "datatype": "%s", "parameters": {"binary_data_size": %d}}],
                 "outputs": [{"name": "output", "parameters": {"binary_data": true}}]}""".formatted(type, 8 * type.size()), bytes(type, ROWS));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        int length = (int) answer.headers()
                .firstValueAsLong("Inference-Header-Content-Length")
                .orElseThrow();
        JsonNode output =
                Service.JSON.readTree(Arrays.copyOf(answer.body(), length)).at("/outputs/0");
        assertThat(output.has("data")).isFalse();
        assertThat(output.at("/parameters/binary_data_size").intValue()).isEqualTo(24);
        assertThat(answer.body()).hasSize(length + 24);
        float[] values = new float[6];
        ByteBuffer.wrap(answer.body(), length, 24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        assertThat(values).containsExactly(expected(2));
    }

    @Test
    void integersComeAsBytes() throws Exception {
        float[] row = {5, 3, 1, 0};
        float[] expected = floats(json(SERVICE.post(
                        MODEL + "/infer",
                        "{\"inputs\": [{\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"data\": [5, 3, 1, 0]}]}"))
                .at("/outputs/0/data"));
        for (TensorType type : List.of(
                TensorType.BOOL,
                TensorType.UINT8,
                TensorType.UINT16,
                TensorType.UINT32,
                TensorType.UINT64,
                TensorType.INT8,
                TensorType.INT16,
                TensorType.INT32,
                TensorType.INT64)) {
            HttpResponse<byte[]> answer = infer(
                    "{\"inputs\": [{\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"%s\", \"parameters\": {\"binary_data_size\": %d}}]}"
                            .formatted(type, 4 * type.size()),
                    bytes(type, row));
            JsonNode output = Service.JSON.readTree(answer.body()).at("/outputs/0/data");
            if (type != TensorType.BOOL) {
                assertThat(floats(output)).as(type.name()).containsExactly(expected);
            } else {
                assertThat(output).hasSize(3);
            }
        }
    }

    @Test
    void classificationNamesTheMostProbableClasses() throws Exception {
        String request = """
                {"inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP32", "data": %s}],
                 "outputs": [{"name": "output", "parameters": {"classification": 2, "binary_data": %s}}]}""";
        JsonNode output = json(SERVICE.post(
                        MODEL + "/versions/1/infer", request.formatted(Arrays.toString(ROWS), "false")))
                .at("/outputs/0");
        assertThat(output.get("datatype").stringValue()).isEqualTo("BYTES");
        assertThat(output.get("shape").toString()).isEqualTo("[2,2]");
        JsonNode ranking = predicted(1);
        List<String> names = List.of("setosa", "versicolor", "virginica");
        for (int i = 0; i < 4; i++) {
            JsonNode candidate = ranking.get(i / 2).at("/top_k/" + i % 2);
            String label = candidate.get("label").stringValue();
            assertThat(output.at("/data/" + i).stringValue())
                    .isEqualTo(candidate.get("probability").floatValue() + ":" + names.indexOf(label) + ":" + label);
        }

        HttpResponse<byte[]> answer = infer(request.formatted(Arrays.toString(ROWS), "true"), null);
        ByteBuffer bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position((int) answer.headers()
                .firstValueAsLong("Inference-Header-Content-Length")
                .orElseThrow());
        int texts = 0;
        for (; bytes.hasRemaining(); texts++) {
            byte[] text = new byte[bytes.getInt()];
            bytes.get(text);
            assertThat(new String(text, StandardCharsets.UTF_8))
                    .matches("[0-9.E-]+:[0-2]:(setosa|versicolor|virginica)");
        }
        assertThat(texts).isEqualTo(4);
    }

    @Test
    void moreClassesThanThereAreAreAll() {
        JsonNode output = json(SERVICE.post(MODEL + "/infer", """
                        {"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}],
                         "outputs": [{"name": "output", "parameters": {"classification": 5}}]}""")).at("/outputs/0");
        assertThat(output.get("shape").toString()).isEqualTo("[1,3]");
        assertThat(output.get("data")).hasSize(3);
    }

    @Test
    void tooManyRowsAreRefusedBeforeTheyAreMade() throws Exception {
        int rows = 10_001;
        String json =
                "{\"inputs\": [{\"name\": \"input\", \"shape\": [%d, 1], \"datatype\": \"UINT8\", \"parameters\": {\"binary_data_size\": %d}}]}"
                        .formatted(rows, rows);
        HttpResponse<byte[]> answer = infer(json, new byte[rows], "" + json.length());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("10001 rows");
    }

    @Test
    void requestMayComeWithAnyContentTypeAsCurlSendsIt() {
        HttpResponse<String> answer = SERVICE.send(
                HttpRequest.newBuilder(SERVICE.uri(MODEL + "/infer"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"inputs\": [{\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"data\": [1, 2, 3, 4]}]}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void picturesAreOneTensorWithBatchDimension() {
        SERVICE.await(SERVICE.submit("""
                        {"model": "inferred-pictures", "dataset": "digits", "training": {"epochs": 1},
                         "network": {"layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]}}"""), "SUCCEEDED");
        JsonNode metadata = json(SERVICE.get("/v2/models/inferred-pictures"));
        assertThat(metadata.get("inputs").toString())
                .isEqualTo("[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[-1,8,8,1]}]");
        String pixels = "[" + "3,".repeat(63) + "4]";
        for (String shape : List.of("[1, 8, 8, 1]", "[1, 8, 8]", "[1, 64]")) {
            assertThat(json(SERVICE.post(
                                    "/v2/models/inferred-pictures/infer",
                                    "{\"inputs\": [{\"name\": \"input\", \"shape\": %s, \"datatype\": \"UINT8\", \"data\": %s}]}"
                                            .formatted(shape, pixels)))
                            .at("/outputs/0/shape")
                            .toString())
                    .isEqualTo("[1,10]");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v2/models/none/infer                | {"inputs": [T]}                                      | 404 | 'none'
            /v2/models/none                      |                                                      | 404 | 'none'
            /v2/models/none/ready                |                                                      | 404 | 'none'
            /v2/models/inferred/versions/9/ready |                                                      | 404 | 9
            /v2/models/inferred/versions/0/ready |                                                      | 422 | '0'
            /v2/nothing                          |                                                      | 404 | nothing
            /v2/models/inferred/infer            | {"inputs": []}                                       | 422 | at least one
            /v2/models/inferred/infer            | {}                                                   | 422 | inputs
            /v2/models/inferred/infer            | {"inputs": [T], "input": 1}                          | 400 | unknown field 'input'
            /v2/models/inferred/infer            | {"inputs": [T, T]}                                   | 422 | twice
            /v2/models/inferred/infer            | {"inputs": [T                                        | 400 | JSON
            /v2/models/inferred/infer            | {"inputs": [T], "model_name": "other"}               | 422 | 'inferred'
            /v2/models/inferred/infer            | {"inputs": [T], "outputs": [{"name": "x"}]}          | 422 | 'output'
            /v2/models/inferred/infer            | {"inputs": [T], "outputs": [{"name": "output"}, {"name": "output"}]} | 422 | once
            /v2/models/inferred/infer            | {"inputs": [T], "model_version": "9"}                | 404 | 9
            /v2/models/inferred/versions/1/infer | {"inputs": [T], "model_version": "2"}                | 422 | '1'
            /v2/models/inferred/infer            | {"inputs": [T], "parameters": {"timeout": 9223372036854775807}} | 422 | microseconds
            /v2/models/inferred/infer            | null                                                 | 400 | body
            /v2/models/inferred/infer            | {"inputs": [T], "parameters": {"timeout": 1}}        | 504 | not run
            /v2/models/inferred/infer            | {"inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}]}        | 422 | shape
            /v2/models/inferred/infer            | {"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}]}                    | 422 | is not a column
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [4], "datatype": "FP32", "data": [1, 2, 3, 4]}]}       | 422 | [1, 4]
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3]}]}       | 422 | 3 elements
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}       | 422 | has shape [3]
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [0, 4], "datatype": "FP32", "data": []}]}              | 422 | from 1 on
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP31", "data": [1, 2, 3, 4]}]}    | 422 | 'FP32'
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [1, 4], "datatype": "BYTES", "data": ["1", "2", "3", "4"]}]} | 422 | numbers
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32"}]}                          | 422 | data
            /v2/models/inferred/infer            | {"inputs": [{"name": "input", "shape": [9999999999, 4], "datatype": "FP32", "data": [1]}]}    | 422 | shape
            """)
    void errorsHaveTheProtocolsForm(String path, @Nullable String body, int status, String fragment) {
        String tensor = "{\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"data\": [1, 2, 3, 4]}";
        HttpResponse<String> answer =
                body == null ? SERVICE.get(path) : SERVICE.post(path, body.replaceAll("\\bT\\b", tensor));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = Service.json(answer);
        assertThat(error.propertyNames()).containsExactly("error");
        assertThat(error.get("error").stringValue()).contains(fragment);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "4, 16, 16, 400, JSON",
        "x, 16, 16, 400, Inference-Header-Content-Length",
        "-1, 16, 16, 400, Inference-Header-Content-Length",
        "9999, 16, 16, 400, The body has",
        "0, 16, 15, 422, there are 15 bytes",
        "0, 16, 17, 400, goes on",
        "0, 15, 15, 422, not whole FP32",
        "0, 20, 20, 422, 5 elements",
        "0, 9999999999999, 16, 422, 9999999999999",
    })
    void lengthsThatDoNotFitAreRefused(String header, long announced, int sent, int status, String fragment)
            throws Exception {
        String json =
                "{\"inputs\": [{\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": %d}}]}"
                        .formatted(announced);
        HttpResponse<byte[]> answer = infer(json, new byte[sent], header.equals("0") ? "" + json.length() : header);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(status);
        assertThat(Service.JSON.readTree(text).get("error").stringValue()).contains(fragment);
    }

    private static HttpResponse<byte[]> infer(String json, byte @Nullable [] tensors)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                infer(json, tensors, String.valueOf(json.getBytes(StandardCharsets.UTF_8).length));
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return answer;
    }

    private static HttpResponse<byte[]> infer(String json, byte @Nullable [] tensors, String length)
            throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(json.getBytes(StandardCharsets.UTF_8));
        if (tensors != null) {
            body.write(tensors);
        }
        return CLIENT.send(
                HttpRequest.newBuilder(SERVICE.uri(MODEL + "/infer"))
                        .header("Content-Type", "application/octet-stream")
                        .header("Inference-Header-Content-Length", length)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] bytes(TensorType type, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case FP64 -> bytes.putDouble(value);
                case FP32 -> bytes.putFloat(value);
                // The values are chosen so that a half holds them: 1 bit sign, 5 exponent, 10 fraction.
                case FP16 ->
                    bytes.putShort((short) ((((Float.floatToIntBits(value) >> 23) - 112) << 10)
                            | ((Float.floatToIntBits(value) >> 13) & 0x3ff)));
                case INT64, UINT64 -> bytes.putLong((long) value);
                case INT32, UINT32 -> bytes.putInt((int) value);
                case INT16, UINT16 -> bytes.putShort((short) value);
                default -> bytes.put((byte) value);
            }
        }
        return bytes.array();
    }

    private static JsonNode predicted(int version) {
        return json(SERVICE.post(
                        "/predict",
                        "{\"model\": \"inferred\", \"version\": %d, \"top_k\": 3, \"instances\": [%s, %s]}"
                                .formatted(
                                        version,
                                        Arrays.toString(Arrays.copyOf(ROWS, 4)),
                                        Arrays.toString(Arrays.copyOfRange(ROWS, 4, 8)))))
                .get("predictions");
    }

    private static float[] expected(int version) {
        JsonNode predictions = predicted(version);
        float[] values = new float[6];
        for (int i = 0; i < 6; i++) {
            values[i] = predictions.get(i / 3).get("probabilities").get(i % 3).floatValue();
        }
        return values;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        IntStream.range(0, values.length).forEach(i -> values[i] = array.get(i).floatValue());
        return values;
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Service.json(answer);
    }
}
