package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of another site can use a visitor's browser against the service neither by another name nor by its own. */
class ForeignRequestsTest {

    private static final List<String> FORMS =
            List.of(Multipart.TYPE, "text/plain", "application/x-www-form-urlencoded", "application/json");

    /** Header and value, as browsers send them for a page that is not of the service. */
    private static final List<String[]> SENDERS = List.of(
            new String[] {"Origin", "https://evil.example"},
            new String[] {"Origin", "null"},
            new String[] {"Origin", "http://localhost:1"},
            new String[] {"Origin", "https://" + Wire.authority()},
            new String[] {"Origin", "http://" + Wire.authority() + ".evil.example"},
            new String[] {"Origin", ""},
            new String[] {"Sec-Fetch-Site", "cross-site"},
            new String[] {"Sec-Fetch-Site", "same-site"});

    private static final Service service = Service.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "evil.example.",
                "localhost.evil.example",
                "localhost.",
                "localhost@evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io",
                "0.0.0.0",
                "2130706433",
                "[::ffff:10.0.0.1]",
                "169.254.169.254"
            })
    void anotherNameIsRefused(String host) {
        String answer = Wire.exchange("GET /api/v1/jobs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        // What is no host at all is malformed.
        assertThat(Wire.status(answer)).as(answer).isIn(400, 403);
        assertThat(answer).containsAnyOf("/problems/foreign-host", "/problems/malformed-request");
        assertThat(answer).doesNotContain("next_cursor", "items");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-Host: localhost", "Forwarded: host=localhost", "X-Host: localhost"})
    void whatAProxyWouldSayIsNotBelieved(String header) {
        String answer = Wire.exchange(
                "GET /api/v1/jobs HTTP/1.1\r\nHost: evil.example\r\n" + header + "\r\nConnection: close\r\n\r\n");

        assertThat(Wire.status(answer)).as(answer).isEqualTo(403);
        assertThat(answer).contains("/problems/foreign-host");
    }

    @Test
    void aForwardedNameIsNotTakenForTheServicesOwn() {
        HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri("/api/v1/jobs"))
                .header("X-Forwarded-Host", "evil.example")
                .header("Origin", "http://evil.example"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    }

    @Test
    void anAddressMustNotNameAnotherHostThanTheHeader() {
        String answer = Wire.exchange("GET http://evil.example/api/v1/jobs HTTP/1.1\r\nHost: " + Wire.authority()
                + "\r\nConnection: close\r\n\r\n");

        assertThat(Wire.status(answer)).as(answer).isIn(400, 403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nHost: evil.example\r\n",
                "Host: evil.example\r\nHost: localhost\r\n",
                "Host: localhost, evil.example\r\n",
                "Host : localhost\r\n",
                "Host:\r\n",
                ""
            })
    void aHostIsNamedOnce(String headers) {
        String answer = Wire.exchange("GET /api/v1/jobs HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");

        assertThat(Wire.status(answer)).as(answer).isIn(400, 403);
    }

    static Stream<Operation> unsafe() {
        return Operation.all(service).filter(operation -> !operation.method().equals("GET"));
    }

    @ParameterizedTest
    @MethodSource("unsafe")
    void nothingIsChangedForAnotherSitesPage(Operation operation) {
        String path = operation.path("1");
        for (int i = 0; i < SENDERS.size(); i++) {
            String[] sender = SENDERS.get(i);
            HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri(path))
                    .header("Content-Type", FORMS.get(i % FORMS.size()))
                    .header(sender[0], sender[1])
                    .method(operation.method(), BodyPublishers.ofString("{}")));

            assertThat(answer.statusCode())
                    .as("%s %s: %s", sender[0], sender[1], answer.body())
                    .isEqualTo(403);
            assertThat(answer.body()).containsAnyOf("/problems/cross-site-request", "{\"error\":");
        }
    }

    @Test
    void theServicesOwnPageIsLetIn() {
        HttpResponse<String> answer = service.post(
                "/api/v1/jobs/validate",
                Service.irisJob("own", 1),
                "Origin",
                "http://" + Wire.authority(),
                "Sec-Fetch-Site",
                "same-origin");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
