package io.trainyard.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Makes exceptions of what the service answers when something is wrong. */
final class Problems {

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    @SuppressWarnings("unused")
    void raise(HttpRequest request, ClientHttpResponse response) throws IOException {
        String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
        HttpHeaders headers = response.getHeaders();
        throw new ProblemException(
                problem(response.getStatusCode().value(), body),
                seconds(headers.getFirst(HttpHeaders.RETRY_AFTER)),
                headers.getFirst("X-Request-Id"));
    }

    /** What is no problem was said by something between here and the service. */
    private Problem problem(int status, String body) {
        try {
            Problem problem = json.readValue(body, Problem.class);
            if (problem != null && problem.status() == status) {
                return problem;
            }
        } catch (JacksonException e) {
            // It is said as it is.
        }
        return new Problem("about:blank", "HTTP " + status, status, body.isBlank() ? null : body, null, null);
    }

    private static @Nullable Duration seconds(@Nullable String retryAfter) {
        return retryAfter != null && retryAfter.matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(retryAfter))
                : null;
    }
}
