package io.trainyard.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Multipart;
import io.trainyard.SecuredService;
import io.trainyard.Service;
import io.trainyard.access.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/**
 * Every operation that there is, by the OpenAPI document and by the program itself, asks of everybody what the table in {@code
 * docs/security.md} says: of those who are not known, of each role, and of another owner.
 */
class OperationsTest {

    private static final Path DOCUMENT = Path.of("docs/security.md");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+ /\\S*)` \\| ([^|]+) \\| ([^|]+) \\|");
    private static final String OPEN = "open";

    private static final String MODEL = "alice-model";
    private static final String DATASET = "alice-data";
    private static final String OTHERS = "bob";
    private static final String TABLE = "width,height,kind\n" + "1,2,small\n".repeat(8) + "7,9,large\n".repeat(8);

    private static final SecuredService service = SecuredService.shared();
    private static final HttpClient client = HttpClient.newHttpClient();
    private static final Map<Role, String> keys = new LinkedHashMap<>();
    private static String othersKey = "";
    private static String job = "";
    private static String batch = "";

    /**
     * A row of the table.
     *
     * @param needs {@code open}, or roles any of which does
     * @param foreign what another owner is answered
     */
    private record Row(String operation, String needs, String foreign) {

        String method() {
            return operation.substring(0, operation.indexOf(' '));
        }

        String path() {
            return operation.substring(operation.indexOf(' ') + 1);
        }

        boolean allows(Role role) {
            boolean all = needs.endsWith(" of all owners");
            return needs.equals(OPEN)
                    || (all
                            ? role == Role.ADMIN
                            : Arrays.stream(needs.split(" or "))
                                    .map(Role::parse)
                                    .anyMatch(role::includes));
        }

        @Override
        public String toString() {
            return operation;
        }
    }

    private static Stream<Row> table() {
        try {
            List<Row> rows = new ArrayList<>();
            Matcher matcher = ROW.matcher(Files.readString(DOCUMENT));
            while (matcher.find()) {
                rows.add(new Row(
                        matcher.group(1),
                        matcher.group(2).strip(),
                        matcher.group(3).strip()));
            }
            // What changes things comes after what looks at them.
            return rows.stream().sorted(Comparator.comparing(row -> List.of("GET", "POST", "PUT", "PATCH", "DELETE")
                    .indexOf(row.method())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void makeWhatAliceHas() {
        for (Role role : Role.values()) {
            keys.put(role, service.key(role.toString(), "alice"));
        }
        othersKey = service.key("publisher", OTHERS);
        String key = Objects.requireNonNull(keys.get(Role.PUBLISHER));
        assertThat(service.upload(DATASET, key, "{'format': 'csv', 'label': 'kind'}", TABLE)
                        .statusCode())
                .isEqualTo(201);
        job = accepted(service.send("POST", "/api/v1/jobs", key, jobOn(DATASET, MODEL)));
        Service.shared().await(job, "SUCCEEDED");
        assertThat(service.send(
                                "PUT",
                                "/api/v1/models/" + MODEL + "/aliases/production",
                                key,
                                "{\"version\": 1, \"expected_version\": 0}")
                        .statusCode())
                .isEqualTo(200);
        batch = accepted(service.send("POST", "/api/v1/batch-predictions", key, batchOf(MODEL, DATASET)));
        Service.shared().await(batch, "SUCCEEDED");
    }

    private static String accepted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return Service.json(answer).get("id").stringValue();
    }

    private static String jobOn(String dataset, String model) {
        return """
                {"model": "%s", "dataset": "%s",
                 "network": {"layers": [{"type": "dense", "units": 2, "activation": "softmax"}]},
                 "training": {"epochs": 1}}""".formatted(model, dataset);
    }

    private static String batchOf(String model, String dataset) {
        return "{\"model\": \"%s\", \"dataset\": \"%s\"}".formatted(model, dataset);
    }

    @Test
    void theTableNamesEveryOperationAndNoOther() {
        Set<String> there = new TreeSet<>();
        JsonNode paths =
                Service.json(service.get("/v3/api-docs", service.adminKey())).get("paths");
        paths.properties().forEach(path -> path.getValue()
                .propertyNames()
                .forEach(method -> there.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        // The pages are not in the document.
        service.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> there.addAll(operations(mapping)));
        there.addAll(Set.of(
                "GET /actuator/health",
                "GET /actuator/health/db",
                "GET /actuator/health/liveness",
                "GET /actuator/health/readiness",
                "GET /actuator/health/store",
                "GET /actuator/health/training",
                "GET /actuator/health/workers",
                "GET /actuator/info",
                "GET /actuator/prometheus"));

        assertThat(new TreeSet<>(table().map(Row::operation).toList())).isEqualTo(there);
    }

    private static List<String> operations(RequestMappingInfo mapping) {
        return mapping.getPatternValues().stream()
                .filter(pattern -> !pattern.equals("/error"))
                .flatMap(pattern ->
                        mapping.getMethodsCondition().getMethods().stream().map(method -> method + " " + pattern))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("table")
    void operationIsRefusedToThoseWhoAreNotKnown(Row row) {
        Answer answer = call(row, null);

        if (row.path().equals("/login")) {
            assertThat(answer.body()).contains("API key");
        } else if (row.needs().equals(OPEN)) {
            assertThat(answer.status()).isNotIn(401, 403);
        } else {
            assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void operationIsAllowedToItsRolesAndToNoOthers(Row row) {
        for (Role role : keys.keySet()) {
            Answer answer = call(row, keys.get(role));

            if (row.path().equals("/login")) {
                assertThat(answer.body()).contains("API key");
            } else if (row.allows(role)) {
                assertThat(answer.status()).as(role + ": " + answer.body()).isNotIn(401, 403);
                assertThat(answer.body()).as(role.toString()).doesNotContain(notThere("model", MODEL));
                assertThat(answer.body()).as(role.toString()).doesNotContain(notThere("dataset", DATASET));
                assertThat(answer.body()).as(role.toString()).doesNotContain("There is no job");
            } else {
                assertThat(answer.status()).as(role + ": " + answer.body()).isEqualTo(403);
                assertThat(answer.body()).contains("This needs the role");
            }
        }
    }

    private static String notThere(String kind, String name) {
        return "There is no " + kind + " '" + name + "'";
    }

    @ParameterizedTest
    @MethodSource("table")
    void whatBelongsToAnotherIsNotThere(Row row) {
        Answer answer = call(row, othersKey);

        switch (row.foreign()) {
            case "404" -> {
                assertThat(answer.status()).as(answer.body()).isEqualTo(404);
                assertThat(answer.body()).contains("There is no ");
            }
            case "409" -> assertThat(answer.status()).as(answer.body()).isEqualTo(409);
            case "hidden" -> {
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).doesNotContain("alice").doesNotContain(job);
            }
            default -> assertThat(row.foreign()).isEqualTo("–");
        }
    }

    /** The answers about what is another's and about what is nobody's are the same. */
    @Test
    void anothersThingsCannotBeToldFromThoseThatDoNotExist() {
        for (String path : List.of(
                "/api/v1/models/%s", "/api/v1/models/%s/versions/1", "/v2/models/%s", "/v1/models/%s", "/models/%s")) {
            String foreign = service.get(path.formatted(MODEL), othersKey).body();
            String none = service.get(path.formatted("nobodys-one"), othersKey).body();

            assertThat(foreign.replace(MODEL, "nobodys-one")).isEqualTo(none);
        }
        String nobodys = UUID.randomUUID().toString();
        assertThat(service.get("/api/v1/jobs/" + job, othersKey).body().replace(job, nobodys))
                .isEqualTo(service.get("/api/v1/jobs/" + nobodys, othersKey).body());
    }

    /** Nothing is heard of another's jobs, while they change. */
    @Test
    void streamOfChangesNamesOnesOwnJobsOnly() throws IOException, InterruptedException {
        HttpResponse<InputStream> stream = client.send(
                service.request("/api/v1/jobs/events", othersKey).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            String alices = accepted(service.send(
                    "POST", "/api/v1/jobs", Objects.requireNonNull(keys.get(Role.TRAINER)), jobOn(DATASET, MODEL)));
            Service.shared().await(alices, "SUCCEEDED");
            String own = accepted(service.send("POST", "/api/v1/jobs", othersKey, jobOn("moons", "bobs-own")));

            String heard = lines.lines()
                    .filter(line -> line.contains("\"id\""))
                    .findFirst()
                    .orElseThrow();

            assertThat(heard).contains(own);
            Service.shared().await(own, "SUCCEEDED");
        }
    }

    @Test
    void namesInBodiesMustBeTheCallersToo() {
        assertThat(service.send("POST", "/api/v1/jobs", othersKey, jobOn(DATASET, "bobs-model"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(service.send("POST", "/api/v1/jobs", othersKey, jobOn("iris", MODEL))
                        .statusCode())
                .isEqualTo(409);
        assertThat(service.send("POST", "/api/v1/jobs", othersKey, """
                                {"model": "bobs-model", "dataset": "iris", "network": {"base": {"model": "%s", "version": 1}},
                                 "training": {"epochs": 1}}""".formatted(MODEL))
                        .statusCode())
                .isEqualTo(404);
        assertThat(service.send("POST", "/api/v1/batch-predictions", othersKey, batchOf(MODEL, "iris"))
                        .statusCode())
                .isEqualTo(404);
    }

    private record Answer(int status, String body) {}

    private static Answer call(Row row, @Nullable String key) {
        HttpRequest.Builder request = service.request(path(row), key);
        String body = body(row);
        if (body == null) {
            request.method(row.method(), HttpRequest.BodyPublishers.noBody());
        } else if (row.path().endsWith("}/versions")) {
            request.method(row.method(), HttpRequest.BodyPublishers.ofByteArray(Multipart.body("{}", Map.of(), "")))
                    .header("Content-Type", Multipart.TYPE);
        } else if (row.path().equals("/login")) {
            request.method(row.method(), HttpRequest.BodyPublishers.ofString(body))
                    .header("Content-Type", "application/x-www-form-urlencoded");
        } else {
            request.method(row.method(), HttpRequest.BodyPublishers.ofString(body))
                    .header("Content-Type", "application/json");
        }
        return send(request.build());
    }

    /** Of a stream without an end only the beginning is read. */
    private static Answer send(HttpRequest request) {
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            boolean endless = request.uri().getPath().endsWith("/jobs/events");
            try (InputStream body = answer.body()) {
                return new Answer(
                        answer.statusCode(),
                        endless && answer.statusCode() == 200
                                ? ""
                                : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(request.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String path(Row row) {
        String path = row.path();
        String id = path.contains("batch-predictions")
                ? batch
                : path.contains("/jobs/") ? job : UUID.randomUUID().toString();
        String filled = path.replace("{id}", path.contains("rollouts") ? "1" : id)
                .replace("{name}", path.contains("datasets") ? DATASET : MODEL)
                .replace("{model}", MODEL)
                .replace("{version}", "1")
                .replace("{number}", "1")
                .replace("{alias}", "production")
                .replace("{label}", "production")
                .replace("{slug}", "not-found");
        return switch (row.operation()) {
            case "GET /jobs/compare" -> filled + "?id=" + job;
            case "GET /jobs/new" -> filled + "?from=" + job;
            case "GET /try" -> filled + "?model=" + MODEL;
            default -> filled;
        };
    }

    private static @Nullable String body(Row row) {
        if (row.method().equals("GET") || row.method().equals("DELETE")) {
            return null;
        }
        return switch (row.path()) {
            case "/api/v1/jobs", "/api/v1/jobs/validate" -> jobOn(DATASET, MODEL);
            case "/api/v1/batch-predictions" -> batchOf(MODEL, DATASET);
            case "/predict" -> "{\"model\": \"%s\", \"instances\": [{\"width\": 1, \"height\": 2}]}".formatted(MODEL);
            case "/login" -> "key=none";
            default -> "{}";
        };
    }
}
