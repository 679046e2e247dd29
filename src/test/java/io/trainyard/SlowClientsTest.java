package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that send slowly hold up nobody else, however many they are. */
class SlowClientsTest {

    private static final int CLIENTS = 1000;
    private static final String MODEL = "slow-clients";
    private static final String FLOWERS = """
            {"model": "slow-clients", "instances": [[5.1, 3.5, 1.4, 0.2]]}""";
    private static final String CLOSED = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

    private static final Service service = Service.shared();
    private final List<Wire> wires = new ArrayList<>();

    @BeforeAll
    static void aModelIsThere() {
        service.await(service.submit(Service.irisJob(MODEL, 1)), "SUCCEEDED");
    }

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
    }

    @Test
    void aThousandSlowClientsAreHeldAndOthersAreAnswered() {
        Wire first = begin("POST /predict" + CLOSED + "Content-Type: application/json\r\nContent-Length: "
                + FLOWERS.length() + "\r\n\r\n" + FLOWERS.substring(0, 10));
        List<String> beginnings = List.of(
                "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\nX-Slow",
                "POST /predict" + CLOSED + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
                "POST /predict" + CLOSED + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5",
                "POST /api/v1/nothing" + CLOSED + "Content-Length: 1000\r\n\r\n{",
                "DELETE /api/v1/jobs" + CLOSED + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                "POST /login" + CLOSED
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nkey=",
                "POST /api/v1/datasets/slow/versions" + CLOSED + "Content-Type: " + Multipart.TYPE
                        + "\r\nContent-Length: 1000\r\n\r\n--" + Multipart.BOUNDARY,
                "POST /v2/models/" + MODEL + "/infer" + CLOSED + "Content-Length: 1000\r\n\r\n{");
        IntStream.range(0, CLIENTS).forEach(i -> begin(beginnings.get(i % beginnings.size())));

        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        HttpResponse<String> predicted = service.post("/predict", FLOWERS);
        assertThat(predicted.statusCode()).as(predicted.body()).isEqualTo(200);
        HttpResponse<String> chunked = service.send(HttpRequest.newBuilder(service.uri("/predict"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArrays(List.of(FLOWERS.getBytes(StandardCharsets.UTF_8)))));
        assertThat(chunked.statusCode()).as(chunked.body()).isEqualTo(200);

        // There is no place left for another.
        assertThat(Wire.exchange(beginnings.get(1))).startsWith("HTTP/1.1 408 ").contains("/problems/body-too-slow");
        assertThat(Wire.exchange(beginnings.get(3))).startsWith("HTTP/1.1 404 ");

        // It has waited all the while, and is in time.
        first.send(FLOWERS.substring(10));
        assertThat(first.answer()).startsWith("HTTP/1.1 200 ");
        assertThat(Wire.exchange("GET /actuator/health/liveness" + CLOSED + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    private Wire begin(String text) {
        Wire wire = Wire.open();
        wires.add(wire);
        wire.send(text);
        return wire;
    }
}
