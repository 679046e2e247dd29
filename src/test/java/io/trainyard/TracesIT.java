package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.SpanReceiver.Received;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A job is one trace and one set of ids, from its request through the queue into the worker, however often it is taken up. */
class TracesIT {

    private static final String CLIENTS_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CLIENTS_SPAN = "b7ad6b7169203331";
    private static final String REQUEST = "traced-request";

    @TempDir
    Path data;

    @Test
    void jobIsTracedFromItsRequestIntoTheEpochsOfAllItsAttempts() throws Exception {
        FreshData.copyTo(data);
        int port = ServiceProcess.freePort();
        try (SpanReceiver receiver = SpanReceiver.start();
                ServiceProcess service = ServiceProcess.start(
                        data,
                        port,
                        "--management.opentelemetry.tracing.export.otlp.endpoint=" + receiver.endpoint(),
                        "--management.opentelemetry.tracing.export.schedule-delay=200ms",
                        "--logging.structured.format.console=ecs")) {
            service.awaitReady();
            String job = submit(port, Service.irisJob("traced", 5000));
            service.await(job, found -> found.at("/progress/epoch").asInt() >= 2);
            service.post("/api/v1/jobs/" + job + "/pause", "");
            service.await(job, found -> found.get("status").stringValue().equals("PAUSED"));
            service.post("/api/v1/jobs/" + job + "/resume", "");
            service.await(
                    job,
                    found -> found.get("attempt").intValue() == 2
                            && found.get("status").stringValue().equals("RUNNING"));
            service.post("/api/v1/jobs/" + job + "/cancel", "");
            service.await(job, found -> found.get("status").stringValue().equals("CANCELLED"));
            String succeeds = submit(port, Service.irisJob("traced", 3));
            service.awaitSuccess(succeeds);
            JsonNode predicts = Service.json(service.post("/api/v1/batch-predictions", """
                            {"model": "traced", "version": 1, "dataset": "iris", "split": "test", "format": "csv"}"""));
            service.awaitSuccess(predicts.get("id").stringValue());
            awaitAttempts(receiver, 4);

            assertAttempts(receiver.spans(), job);
            assertWhole(receiver.spans(), succeeds);
            List<Received> batch = of(receiver.spans(), predicts.get("id").stringValue());
            assertThat(below(receiver.spans(), only(batch, "attempt")))
                    .extracting(Received::name)
                    .containsExactlyInAnyOrder("predict", "publish");
            assertThat(receiver.spans())
                    .noneMatch(span -> span.attributes().getOrDefault("uri", "").startsWith("/actuator"));
            assertLogged(service.output(), job);
        }
    }

    private static String submit(int port, String job) throws Exception {
        HttpResponse<String> accepted = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/jobs"))
                                .header("Content-Type", "application/json")
                                .header("X-Request-Id", REQUEST)
                                .header("traceparent", "00-" + CLIENTS_TRACE + "-" + CLIENTS_SPAN + "-01")
                                .POST(HttpRequest.BodyPublishers.ofString(job))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return Service.json(accepted).get("id").stringValue();
    }

    /** A span is sent when it has ended, some time later. */
    private static void awaitAttempts(SpanReceiver receiver, int attempts) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> receiver.spans().stream()
                                .filter(span -> span.name().equals("attempt"))
                                .count()
                        == attempts);
    }

    private static void assertAttempts(List<Received> spans, String job) {
        List<Received> of = of(spans, job);
        List<Received> attempts =
                of.stream().filter(span -> span.name().equals("attempt")).toList();
        assertThat(attempts)
                .extracting(span -> span.attributes().get("trainyard.job.attempt"))
                .containsExactly("1", "2");
        assertThat(attempts)
                .extracting(span -> span.attributes().get("trainyard.job.outcome"))
                .containsExactly("paused", "cancelled");
        assertThat(of).extracting(Received::name).containsOnly("queued", "attempt");
        assertThat(of).filteredOn(span -> span.name().equals("queued")).hasSize(2);
        assertThat(of).extracting(Received::trace).containsOnly(CLIENTS_TRACE);
        assertThat(of).extracting(Received::service).containsOnly("trainyard-worker");
        Received request = spans.stream()
                .filter(span -> span.id().equals(attempts.get(0).parent()))
                .findFirst()
                .orElseThrow();
        assertThat(request.service()).isEqualTo("trainyard");
        assertThat(request.parent()).isEqualTo(CLIENTS_SPAN);
        assertThat(request.name()).isEqualTo("http post /api/v1/jobs");
        assertThat(of).extracting(Received::parent).containsOnly(request.id());
        assertThat(below(spans, attempts.get(0)))
                .extracting(Received::name)
                .contains("epoch", "checkpoint")
                .doesNotContain("publish");
    }

    private static void assertWhole(List<Received> spans, String job) {
        Received attempt = only(of(spans, job), "attempt");
        assertThat(attempt.attributes()).containsEntry("trainyard.job.outcome", "succeeded");
        List<Received> steps = below(spans, attempt);
        assertThat(steps)
                .filteredOn(span -> span.name().equals("epoch"))
                .extracting(span -> span.attributes().get("trainyard.epoch"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 3).mapToObj(String::valueOf).toList());
        assertThat(steps).filteredOn(span -> span.name().equals("epoch")).allSatisfy(epoch -> assertThat(
                        below(spans, epoch))
                .extracting(Received::name)
                .containsExactly("evaluate"));
        assertThat(steps).filteredOn(span -> span.name().equals("checkpoint")).hasSize(2);
        assertThat(steps).filteredOn(span -> span.name().equals("publish")).hasSize(1);
    }

    private static List<Received> of(List<Received> spans, String job) {
        return spans.stream()
                .filter(span -> job.equals(span.attributes().get("trainyard.job.id")))
                .toList();
    }

    private static Received only(List<Received> spans, String name) {
        List<Received> found =
                spans.stream().filter(span -> span.name().equals(name)).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<Received> below(List<Received> spans, Received parent) {
        return spans.stream().filter(span -> span.parent().equals(parent.id())).toList();
    }

    /** Of the API and the worker, whose consoles are one. */
    private static void assertLogged(String output, String job) {
        List<JsonNode> events = output.lines()
                .filter(line -> line.startsWith("{"))
                .map(Service.JSON::readTree)
                .filter(event -> event.get("message").stringValue().contains(job))
                .toList();
        assertThat(events)
                .filteredOn(event -> event.get("message").stringValue().startsWith("accepts"))
                .hasSize(1)
                .allSatisfy(event -> assertFields(event, Map.of("request_id", REQUEST, "traceId", CLIENTS_TRACE)));
        assertThat(events)
                .filteredOn(event -> event.get("message").stringValue().startsWith("begins attempt 2"))
                .hasSize(1)
                .allSatisfy(event -> assertFields(
                        event,
                        Map.of(
                                "request_id", REQUEST,
                                "job_id", job,
                                "attempt", "2",
                                "traceId", CLIENTS_TRACE)));
    }

    private static void assertFields(JsonNode event, Map<String, String> fields) {
        fields.forEach((name, value) ->
                assertThat(event.path(name).asString()).as(event.toString()).isEqualTo(value));
    }
}
