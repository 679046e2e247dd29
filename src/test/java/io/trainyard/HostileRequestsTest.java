package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/**
 * Names that are paths, addresses that are encoded twice, headers and bodies that hold another answer or another request: refused,
 * without a word of what the service is made of.
 */
class HostileRequestsTest {

    /** Of every file that one of these requests would make, were it let. */
    private static final String ESCAPED = "trainyard-escaped";

    private static final List<String> NAMES = List.of(
            "..",
            "../" + ESCAPED,
            "../../../../etc/passwd",
            "..%2f" + ESCAPED,
            "%2e%2e%2f" + ESCAPED,
            "%2e%2e/" + ESCAPED,
            "%252e%252e%252f" + ESCAPED,
            "..\\" + ESCAPED,
            "..%5c" + ESCAPED,
            "%00",
            ESCAPED + "%00.csv",
            ESCAPED + "#",
            ESCAPED + "%23",
            ESCAPED + ";a=b",
            "/" + ESCAPED,
            "//" + ESCAPED,
            "%2f" + ESCAPED,
            "~" + ESCAPED,
            "a".repeat(5000),
            "%e2%80%ae" + ESCAPED,
            "%ff%fe",
            "%c0%ae%c0%ae%c0%af" + ESCAPED,
            "%",
            "%zz",
            "%0d%0aInjected:%20yes",
            "\u00e5\u0098\u008a\u00e5\u0098\u008dInjected: yes",
            "' or 1=1 --",
            "%27%20or%201=1%20--",
            "$%7bjndi:ldap:x%7d",
            "%3Cscript%3E");

    private static final List<String> INTERNALS = List.of(
            "Exception",
            "io.trainyard",
            "org.springframework",
            "org.apache",
            "java.",
            "select ",
            "at line",
            "/tmp/",
            "/postgres");

    private static final String TABLE = "x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n7,a\n8,b\n9,a\n10,b\n";
    private static final String CLOSE = "Connection: close\r\n\r\n";

    private static final Service service = Service.shared();

    static Stream<Operation> operationsWithNames() {
        return Operation.all(service)
                .filter(operation -> !operation.parameters().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("operationsWithNames")
    void aNameThatIsNoneIsRefusedOrHasNothing(Operation operation) {
        byte[] upload = Multipart.body(
                "{'format': 'csv', 'label': 'y'}", Map.of("train", TABLE.getBytes(StandardCharsets.UTF_8)), ".csv");
        boolean uploads =
                operation.method().equals("POST") && operation.template().endsWith("/versions");
        String body = uploads ? new String(upload, StandardCharsets.ISO_8859_1) : "{}";
        for (String parameter : operation.parameters()) {
            for (String name : NAMES) {
                String path = operation.path(each -> each.equals(parameter) ? name : "1");
                String answer = Wire.exchange(operation.method() + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (operation.method().equals("GET")
                                ? ""
                                : "Content-Type: " + (uploads ? Multipart.TYPE : "application/json")
                                        + "\r\nContent-Length: " + body.length() + "\r\n")
                        + CLOSE + (operation.method().equals("GET") ? "" : body));

                if (!answer.endsWith("{\"items\":[]}")) {
                    assertRefused(operation.method() + " " + path, answer);
                }
            }
        }
    }

    static Stream<Operation> operationsWithParameters() {
        return Operation.all(service)
                .filter(operation ->
                        operation.method().equals("GET") && !operation.query().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("operationsWithParameters")
    void aParameterThatIsNoneBreaksNothing(Operation operation) {
        for (String parameter : operation.query()) {
            for (String value : NAMES) {
                String path = operation.path("1") + "?" + parameter + "=" + value;
                String answer = Wire.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + CLOSE);

                assertThat(Wire.status(answer)).as(path + "\n" + answer).isBetween(200, 499);
                assertSilent(path, answer);
            }
        }
    }

    static Stream<String> namesInBodies() {
        return Stream.of(
                "../" + ESCAPED,
                "..\\\\" + ESCAPED,
                "/" + ESCAPED,
                "a\\u0000b",
                "a\\r\\nInjected: yes",
                "\\u202egpj",
                ".",
                "..");
    }

    @ParameterizedTest
    @MethodSource("namesInBodies")
    void aNameInABodyIsHeldToTheSameRule(String name) {
        String job = Service.irisJob("fine", 1);
        assertClientsFault(service.post("/api/v1/jobs", job.replace("fine", name)));
        assertClientsFault(service.post("/api/v1/jobs", job.replace("\"iris\"", "\"" + name + "\"")));
        assertClientsFault(service.post("/predict", """
                {"model": "%s", "instances": [[1, 2, 3, 4]]}""".formatted(name)));
        assertClientsFault(service.post("/api/v1/batch-predictions", """
                {"model": "%s", "dataset": "iris", "split": "test", "format": "csv"}""".formatted(name)));
        assertClientsFault(service.post("/api/v1/batch-predictions", """
                {"model": "fine", "dataset": "%s", "split": "test", "format": "csv"}""".formatted(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../" + ESCAPED,
                "/" + ESCAPED,
                "..\\" + ESCAPED,
                "a\r\nInjected: yes",
                "a%0d%0aInjected: yes",
                "a\u0000b",
                "con"
            })
    void theNameOfAFileIsNoPath(String fileName) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"spec\"\r\nContent-Type: application/json\r\n\r\n"
                + "{\"format\": \"csv\", \"label\": \"y\"}\r\n--b\r\nContent-Disposition: form-data; name=\"train\"; filename=\""
                + fileName + "\"\r\n\r\n" + TABLE + "\r\n--b--\r\n";
        String answer = Wire.exchange("POST /api/v1/datasets/hostile-names/versions HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + body.length() + "\r\n" + CLOSE
                + body);

        assertThat(Wire.status(answer)).as(answer).isBetween(200, 499);
        assertSilent(fileName, answer);
    }

    static Stream<String> headers() {
        return Stream.of(
                        "X-Request-Id",
                        "Idempotency-Key",
                        "Last-Event-ID",
                        "Content-Type",
                        "X-Rollout-Key",
                        "Accept",
                        "Authorization",
                        "Cookie")
                .flatMap(header -> Stream.of(
                                "a\rInjected: yes",
                                "a%0d%0aInjected: yes",
                                "a\u00e5\u0098\u008aInjected: yes",
                                "a\u0000Injected: yes",
                                "a\r\n Injected: yes",
                                "\"a\\\r\nInjected: yes",
                                "a\u001b[31mInjected",
                                "a".repeat(20_000))
                        .map(value -> header + ": " + value + "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderPutsNothingIntoTheAnswer(String header) {
        String job = "{}";
        for (String request : List.of("POST /api/v1/jobs", "POST /predict", "GET /api/v1/jobs/1/events")) {
            String body = request.startsWith("POST") ? job : "";
            String answer = Wire.exchange(request + " HTTP/1.1\r\nHost: localhost\r\n" + header + "Content-Length: "
                    + body.length() + "\r\n" + CLOSE + body);

            assertRefused(request + " " + header, answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 5\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding : chunked",
                "Content-Length : 5"
            })
    void aBodyHasOneEnd(String headers) {
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n" + CLOSE;
        String answer = Wire.exchange(
                "POST /api/v1/jobs/validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers
                        + "\r\n\r\n0\r\n\r\n" + smuggled);

        assertThat(Wire.status(answer)).as(answer).isIn(400, 501);
        assertThat(answer).doesNotContain("smuggled");
        assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
    }

    @AfterAll
    static void nothingWasWrittenElsewhere() throws IOException {
        String data = service.bean(Environment.class).getProperty("trainyard.data-dir", "");
        for (Path folder = Path.of(data).toAbsolutePath(); folder != null; folder = folder.getParent()) {
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files)
                        .noneMatch(file -> file.getFileName().toString().contains(ESCAPED));
            }
        }
        try (Stream<Path> files = Files.walk(Path.of(data), 3)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().contains(ESCAPED));
        }
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    private static void assertRefused(String request, String answer) {
        assertThat(Wire.status(answer)).as(request + "\n" + answer).isBetween(400, 499);
        assertSilent(request, answer);
    }

    private static void assertClientsFault(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain(INTERNALS);
    }

    private static void assertSilent(String request, String answer) {
        assertThat(answer).as(request).doesNotContain(INTERNALS).doesNotContain("root:x:0", "\nInjected:");
    }
}
