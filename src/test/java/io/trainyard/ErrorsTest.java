package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Errors tell a client what to do, and nothing of the inside. */
class ErrorsTest {

    /** Of classes, statements, files and templates. */
    private static final Pattern INSIDE = Pattern.compile(
            "Exception|java[x.]|io\\.trainyard|springframework|hibernate|jackson|thymeleaf|tomcat|(?i)\\bselect .* from\\b"
                    + "|/tmp/|\\.java\\b|static resource|Whitelabel");

    private final Service service = Service.shared();

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/html"})
    void anUnexpectedFaultIsA500WithTheRequestToQuote(String accepted) {
        String job = service.submit(Service.irisJob("damaged-row", 1));
        service.await(job, "SUCCEEDED");
        JdbcClient jdbc = service.bean(JdbcClient.class);
        UUID id = UUID.fromString(job);
        String spec = jdbc.sql("select spec from job where id = ?")
                .param(id)
                .query(String.class)
                .single();
        try {
            jdbc.sql("update job set spec = '{\"model\": {\"planted\": 1}}' where id = ?")
                    .param(id)
                    .update();
            String path = accepted.equals("text/html") ? "/jobs/" : "/api/v1/jobs/";
            HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri(path + job))
                    .header("Accept", accepted)
                    .header("X-Request-Id", "quote-me"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith(accepted.equals("text/html") ? accepted : "application/problem+json");
            assertThat(answer.headers().firstValue("X-Request-Id")).hasValue("quote-me");
            assertThat(answer.body())
                    .contains("The service met a fault of its own", "under request id quote-me.")
                    .doesNotContain("planted")
                    .doesNotContainPattern(INSIDE);
        } finally {
            jdbc.sql("update job set spec = cast(? as jsonb) where id = ?")
                    .params(spec, id)
                    .update();
        }
    }

    /** What no controller answers: Spring's and Tomcat's own errors. */
    @Test
    void whatIsNotThereIsNamed() {
        assertThat(Service.json(service.get("/nothing/here")).get("detail").stringValue())
                .isEqualTo("There is nothing at /nothing/here.");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /error, 404, not-found",
        "GET, /nothing/here, 404, not-found",
        "GET, /actuator/env, 404, not-found",
        "GET, /actuator/sbom, 404, not-found",
        "POST, /actuator/health, 405, method-not-allowed",
        "TRACE, /api/v1/jobs, 405, method-not-allowed",
        "GET, /api/v1/jobs/%00, 400, malformed-request",
        "GET, /api/v1/jobs/..%2f..%2fetc, 400, malformed-request",
        "GET, /api/v1/jobs?cursor=%ff, 400, malformed-request"
    })
    void whatNoControllerAnswersHasTheSameForm(String method, String path, int status, String type) {
        HttpResponse<String> answer = service.send(
                HttpRequest.newBuilder(service.uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        JsonNode problem = Service.json(answer);
        assertThat(problem.get("type").stringValue()).isEqualTo("/problems/" + type);
        assertThat(problem.get("instance").stringValue()).isEqualTo(path.replaceAll("\\?.*", ""));
        assertThat(answer.body()).doesNotContainPattern(INSIDE);
    }

    @Test
    void peopleAreToldOnAPage() {
        HttpResponse<String> answer =
                service.send(HttpRequest.newBuilder(service.uri("/error")).header("Accept", "text/html"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("There is nothing at /error.").doesNotContainPattern("Exception");
    }
}
