package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** Pictures as somebody would send them. */
final class PictureUpload {

    private static final String BOUNDARY = "----trainyard-pictures";
    private static final Service service = Service.shared();

    private PictureUpload() {}

    /** Sends files by the names of their parts, each called {@code <part>.bin}; {@code spec} may use ' for ". */
    static HttpResponse<String> send(String name, String spec, Map<String, byte[]> files) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"spec\"\r\n"
                + "Content-Type: application/json\r\n\r\n" + spec.replace('\'', '"') + "\r\n"));
        files.forEach((part, bytes) -> {
            body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part
                    + "\"; filename=\"" + part + ".bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
            body.writeBytes(bytes);
            body.writeBytes(text("\r\n"));
        });
        body.writeBytes(text("--" + BOUNDARY + "--\r\n"));
        return service.send(HttpRequest.newBuilder(service.uri("/api/v1/datasets/" + name + "/versions"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends files that must be taken; returns the version. */
    static JsonNode added(String name, String spec, Map<String, byte[]> files) {
        HttpResponse<String> answer = send(name, spec, files);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Service.json(answer);
    }

    /** Sends files that must be refused because of one of them, in these words; nothing may stay behind. */
    static void refused(String name, String spec, Map<String, byte[]> files, String part, String... words) {
        HttpResponse<String> answer = send(name, spec, files);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        JsonNode problem = Service.json(answer);
        assertThat(problem.get("type").stringValue()).isEqualTo("/problems/invalid-dataset");
        assertThat(problem.get("detail").stringValue()).startsWith(part + " (" + part + ".bin): ");
        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/" + part);
        assertThat(problem.at("/errors/0/detail").stringValue()).contains(words);
        nothingStaysBehind(name);
    }

    /** No version, and no file of a request. */
    static void nothingStaysBehind(String name) {
        assertThat(service.get("/api/v1/datasets/" + name).statusCode()).isEqualTo(404);
        Path uploads =
                Path.of(Objects.requireNonNull(service.bean(Environment.class).getProperty("trainyard.uploads.dir")));
        // A request's folder goes before the answer is sent, its parts right after.
        Awaitility.await().until(() -> list(uploads).isEmpty());
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The first page of rows of a split. */
    static JsonNode rows(JsonNode version, String split, String more) {
        HttpResponse<String> answer = service.get("/api/v1/datasets/"
                + version.get("name").stringValue() + "/versions/"
                + version.get("version").intValue() + "/rows?limit=500&split=" + split + more);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Service.json(answer).get("items");
    }

    /** The numbers of a JSON array. */
    static int[] numbers(JsonNode array) {
        int[] numbers = new int[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).intValue();
        }
        return numbers;
    }
}
