package io.trainyard.dataset;

import io.trainyard.Service;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tables as somebody would send them. */
final class CsvUpload {

    private static final String BOUNDARY = "----trainyard-test";

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
                .send(request.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
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
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        files.forEach((part, bytes) -> {
            body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part
                    + "\"; filename=\"../some/" + part + ".csv\"\r\nContent-Type: text/csv\r\n\r\n"));
            body.writeBytes(bytes);
            body.writeBytes(text("\r\n"));
        });
        if (spec != null) {
            body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"spec\"\r\n"
                    + "Content-Type: application/json\r\n\r\n" + spec.replace('\'', '"') + "\r\n"));
        }
        body.writeBytes(text("--" + BOUNDARY + "--\r\n"));
        return body.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
