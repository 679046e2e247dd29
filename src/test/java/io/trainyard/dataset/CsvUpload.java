package io.trainyard.dataset;

import io.trainyard.Multipart;
import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tables as somebody would send them. */
final class CsvUpload {

    private CsvUpload() {}

    /** Sends a training file; {@code spec} may use ' for ". */
    static HttpResponse<String> send(String name, String spec, String train) {
        return send(name, spec, Map.of("train", train.getBytes(StandardCharsets.UTF_8)));
    }

    static HttpResponse<String> send(String name, String spec, Map<String, byte[]> files, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(Service.shared().uri("/api/v1/datasets/" + name + "/versions"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Service.shared()
                .send(request.header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body(spec, files))));
    }

    /** Sends files that must be taken; returns the version. */
    static JsonNode added(String name, String spec, Map<String, byte[]> files) {
        HttpResponse<String> answer = send(name, spec, files);
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return Service.json(answer);
    }

    static JsonNode added(String name, String spec, String train) {
        return added(name, spec, Map.of("train", train.getBytes(StandardCharsets.UTF_8)));
    }

    static byte[] body(@Nullable String spec, Map<String, byte[]> files) {
        return Multipart.body(spec, files, ".csv");
    }
}
