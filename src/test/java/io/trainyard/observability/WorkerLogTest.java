package io.trainyard.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a worker logs can be read where its console cannot. */
class WorkerLogTest {

    private static final Service SERVICE = Service.shared();

    @Test
    void linesOfAJobBearItsIdsAndTheRequestsAndTheCauseOfItsFailure() {
        String request = "log-" + UUID.randomUUID();
        HttpResponse<String> accepted = SERVICE.post("/api/v1/jobs", """
                {"model": "logged", "dataset": "friedman1", "network": {"layers": [{"type": "dense", "units": 1}]},
                 "training": {"epochs": 5, "optimizer": {"type": "sgd", "learning_rate": 1000}}}""", "X-Request-Id", request);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String job = Service.json(accepted).get("id").stringValue();
        SERVICE.await(job, "FAILED");

        String log = Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> log("?job=" + job), text -> text.contains("failed: attempt 1"));

        String ids = "[" + request + "] [job " + job + " attempt 1] ";
        assertThat(log.lines().findFirst().orElseThrow())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z \\S+/\\d+ INFO  .*")
                .endsWith(ids + "begins attempt 1 of job " + job);
        assertThat(log).contains(ids + "failed: attempt 1 of job " + job + ": diverged");
        assertThat(log).contains("| io.trainyard.training.JobFailedException: diverged", "| \tat io.trainyard.");
        assertThat(log("")).contains("waits for jobs");
        assertThat(log("?limit=1").lines().filter(line -> !line.startsWith("| ")))
                .hasSize(1);
        assertThat(log("?worker=" + UUID.randomUUID())).isEmpty();
    }

    @Test
    void limitIsChecked() {
        assertThat(SERVICE.get("/api/v1/workers/log?limit=1001").statusCode()).isEqualTo(422);
    }

    private static String log(String query) {
        HttpResponse<String> answer = SERVICE.get("/api/v1/workers/log" + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        return answer.body();
    }
}
