package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import io.trainyard.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Readers of live events may go whenever they like. */
class LiveStreamsTest {

    private static final Service SERVICE = Service.shared();
    private static final int ROUNDS = 10;
    private static final int READERS = 30;

    @Test
    void readersThatGoWhileEventsAreSentLeaveNothingBehind() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        String job = SERVICE.submit(Service.irisJob("streamed", 100_000));
        try {
            SERVICE.await(job, "RUNNING");
            for (int round = 0; round < ROUNDS; round++) {
                List<Wire> readers =
                        IntStream.range(0, READERS).mapToObj(i -> reader(job)).toList();
                readers.forEach(Wire::awaitAnswer);
                readers.forEach(Wire::reset);
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> SERVICE.get("/actuator/prometheus")
                    .body()
                    .contains("\ntrainyard_event_streams 0.0\n"));
        } finally {
            SERVICE.post("/api/v1/jobs/" + job + "/cancel", "");
            SERVICE.await(job, "CANCELLED");
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }

    private static Wire reader(String job) {
        Wire wire = Wire.open();
        wire.send("GET /api/v1/jobs/" + job + "/events HTTP/1.1\r\nHost: " + Wire.authority()
                + "\r\nAccept: text/event-stream\r\n\r\n");
        return wire;
    }
}
