package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A job from its request to its end, over HTTP, with a real worker process. */
class TrainingJobsTest {

    private final Service service = Service.shared();

    @Test
    void acceptedJobBecomesAVersionWithItsCurvesLogAndLineage() {
        HttpResponse<String> accepted = service.post("/api/v1/jobs", Service.irisJob("lineage", 5));
        assertThat(accepted.statusCode()).isEqualTo(202);
        String id = Service.json(accepted).get("id").stringValue();
        assertThat(accepted.headers().firstValue("Location")).contains("/api/v1/jobs/" + id);

        JsonNode job = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(job.get("status").stringValue()).isEqualTo("SUCCEEDED");
        assertThat(statuses(job)).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        assertThat(job.at("/progress/percent").doubleValue()).isEqualTo(100);

        JsonNode epochs =
                Service.json(service.get("/api/v1/jobs/" + id + "/metrics")).get("epochs");
        assertThat(epochs).hasSize(5);
        assertThat(epochs.get(4).get("train_loss").doubleValue())
                .isLessThan(epochs.get(0).get("train_loss").doubleValue());
        for (JsonNode epoch : epochs) {
            assertThat(epoch.get("data_wait_seconds").doubleValue())
                    .isPositive()
                    .isLessThan(epoch.get("duration_seconds").doubleValue());
        }
        assertThat(service.get("/api/v1/jobs/" + id + "/log").body())
                .contains("oneDNN in use", "epoch 5/5", "published");

        JsonNode result = job.get("result");
        JsonNode version = Service.json(service.get(
                "/api/v1/models/lineage/versions/" + result.get("version").intValue()));
        assertThat(version.at("/lineage/job_id").stringValue()).isEqualTo(id);
        assertThat(version.at("/lineage/seed").intValue()).isEqualTo(7);
        assertThat(version.at("/lineage/dataset/sha256").stringValue())
                .isEqualTo(Service.json(service.get("/api/v1/datasets/iris/versions/1"))
                        .get("sha256")
                        .stringValue());
        assertThat(version.at("/lineage/spec/network/input_shape").toString()).isEqualTo("[4]");
        assertThat(version.at("/metrics/val_accuracy").doubleValue())
                .isEqualTo(epochs.get(4).get("val_accuracy").doubleValue());
    }

    @Test
    void sameSeedGivesTheSameWeights() {
        String first = service.submit(Service.irisJob("twins", 3));
        String second = service.submit(Service.irisJob("twins", 3));
        int a = service.await(first, "SUCCEEDED").at("/result/version").intValue();
        int b = service.await(second, "SUCCEEDED").at("/result/version").intValue();
        assertThat(b).isNotEqualTo(a);
        assertThat(artifact(a)).isEqualTo(artifact(b));
    }

    /** The service's {@code shuffle-memory} is a little less than the training split of digits has bytes. */
    @Test
    void aSplitThatIsTooLargeToBeShuffledAsAWholeGetsABufferWhenItsJobIsAccepted() {
        String digits = """
                {"model": "buffer", "dataset": "digits",
                 "network": {"layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]},
                 "training": {"epochs": 4, "batch_size": 32, "seed": 1, "optimizer": {"type": "adam", "learning_rate": 0.01}%s}}
                """;
        // 90 · 1024 of 93,494 bytes, of 1438 rows.
        String id = service.submit(digits.formatted(""));
        assertThat(buffer(service.job(id))).isEqualTo(1417);
        assertThat(buffer(service.job(service.submit(digits.formatted(", \"shuffle_buffer\": 64")))))
                .isEqualTo(64);
        assertThat(service.job(service.submit(digits.formatted(", \"shuffle\": false")))
                        .at("/spec/training")
                        .has("shuffle_buffer"))
                .isFalse();
        assertThat(service.job(service.submit(Service.irisJob("unbuffered", 1)))
                        .at("/spec/training")
                        .has("shuffle_buffer"))
                .isFalse();
        JsonNode ended = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(ended.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.85);
        JsonNode lineage = Service.json(service.get("/api/v1/models/buffer/versions/"
                        + ended.at("/result/version").intValue()))
                .at("/lineage/spec/training");
        assertThat(lineage.get("shuffle_buffer").intValue()).isEqualTo(1417);
    }

    private static int buffer(JsonNode job) {
        return job.at("/spec/training/shuffle_buffer").intValue();
    }

    private String artifact(int version) {
        return Service.json(service.get("/api/v1/models/twins/versions/" + version))
                .at("/artifact/sha256")
                .stringValue();
    }

    @Test
    void sameIdempotencyKeyGivesTheFirstAnswerAgain() {
        String key = UUID.randomUUID().toString();
        String body = Service.irisJob("idempotent", 1);
        HttpResponse<String> first = service.post("/api/v1/jobs", body, "Idempotency-Key", key);
        HttpResponse<String> second = service.post("/api/v1/jobs", body, "Idempotency-Key", key);
        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(Service.json(second)).isEqualTo(Service.json(first));
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));

        HttpResponse<String> other =
                service.post("/api/v1/jobs", Service.irisJob("idempotent", 2), "Idempotency-Key", key);
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(Service.json(other).get("type").stringValue()).isEqualTo("/problems/idempotency-key-reused");
        JsonNode list = Service.json(service.get("/api/v1/jobs?model=idempotent"));
        assertThat(list.get("items")).hasSize(1);
    }

    @Test
    void simultaneousRequestsWithOneIdempotencyKeyMakeOneJob() throws Exception {
        String key = UUID.randomUUID().toString();
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            Callable<HttpResponse<String>> request =
                    () -> service.post("/api/v1/jobs", Service.irisJob("simultaneous", 1), "Idempotency-Key", key);
            Set<JsonNode> answers = new HashSet<>();
            for (Future<HttpResponse<String>> answer : clients.invokeAll(Collections.nCopies(8, request))) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(202);
                answers.add(Service.json(answer.get()).get("id"));
            }
            assertThat(answers).hasSize(1);
        } finally {
            clients.shutdownNow();
        }
        assertThat(Service.json(service.get("/api/v1/jobs?model=simultaneous")).get("items"))
                .hasSize(1);
    }

    @Test
    void refusedRequestDoesNotUseUpItsIdempotencyKey() {
        String key = UUID.randomUUID().toString();
        String wrong = Service.irisJob("corrected", 1).replace("\"units\": 3", "\"units\": 4");
        assertThat(service.post("/api/v1/jobs", wrong, "Idempotency-Key", key).statusCode())
                .isEqualTo(422);
        assertThat(service.post("/api/v1/jobs", Service.irisJob("corrected", 1), "Idempotency-Key", key)
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void runningJobIsCancelledWithinSecondsAndAQueuedOneAtOnce() {
        String running = service.submit(Service.irisJob("cancelled", 100_000));
        service.await(running, "RUNNING");
        String queued = service.submit(Service.irisJob("cancelled", 100_000));
        assertThat(service.job(queued).get("queue_position").intValue()).isPositive();

        HttpResponse<String> atOnce = service.post("/api/v1/jobs/" + queued + "/cancel", "");
        assertThat(atOnce.statusCode()).isEqualTo(202);
        assertThat(Service.json(atOnce).get("status").stringValue()).isEqualTo("CANCELLED");

        assertThat(service.post("/api/v1/jobs/" + running + "/cancel", "").statusCode())
                .isEqualTo(202);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> service.job(running).get("status").stringValue().equals("CANCELLED"));
        assertThat(statuses(service.job(running))).containsExactly("QUEUED", "RUNNING", "CANCELLING", "CANCELLED");
        assertThat(service.post("/api/v1/jobs/" + running + "/cancel", "").statusCode())
                .isEqualTo(202);
    }

    @Test
    void endedJobCannotBeCancelled() {
        String id = service.submit(Service.irisJob("ended", 1));
        service.await(id, "SUCCEEDED");
        HttpResponse<String> answer = service.post("/api/v1/jobs/" + id + "/cancel", "");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(service.job(id).get("status").stringValue()).isEqualTo("SUCCEEDED");
    }

    @Test
    void divergedJobSaysSoAndPublishesNothing() {
        String job = Service.irisJob("diverged", 50)
                .replace(
                        "{\"type\": \"adam\", \"learning_rate\": 0.02}", "{\"type\": \"sgd\", \"learning_rate\": 1000}")
                .replace("\"relu\"", "\"elu\"");
        String id = service.submit(job);
        JsonNode ended = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(ended.get("status").stringValue()).isEqualTo("FAILED");
        assertThat(ended.get("status_reason").stringValue()).startsWith("diverged: the loss became NaN in epoch");
        assertThat(service.get("/api/v1/models/diverged").statusCode()).isEqualTo(404);
        assertThat(Service.json(service.get("/api/v1/jobs/" + id + "/metrics")).get("epochs"))
                .isNotEmpty();
    }

    @Test
    void weightsThatOverflowInTheLastStepAreNotPublished() {
        String job = Service.irisJob("overflown", 1)
                .replace("\"batch_size\": 16", "\"batch_size\": 10")
                .replace(
                        "{\"type\": \"adam\", \"learning_rate\": 0.02}",
                        "{\"type\": \"adamw\", \"learning_rate\": 1000, \"weight_decay\": 0.9999}");
        String id = service.submit(job);
        JsonNode ended = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(ended.get("status").stringValue()).isEqualTo("FAILED");
        assertThat(ended.get("status_reason").stringValue()).startsWith("diverged");
        assertThat(service.get("/api/v1/models/overflown").statusCode()).isEqualTo(404);
    }

    @Test
    void jobThatRunsTooLongFails() {
        String id =
                service.submit(Service.irisJob("slow", 100_000).replaceFirst("\\{", "{\"max_runtime_seconds\": 1,"));
        JsonNode ended = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(ended.get("status").stringValue()).isEqualTo("FAILED");
        assertThat(ended.get("status_reason").stringValue()).contains("max_runtime_seconds");
    }

    @Test
    void eventsTellTheWholeStoryAndGoOnAfterTheLastOneSeen() {
        String id = service.submit(Service.irisJob("events", 4));
        List<String> live = events(id);
        assertThat(live.stream().filter(line -> line.startsWith("event:") && !line.equals("event:progress")))
                .containsExactly(
                        "event:status",
                        "event:status",
                        "event:epoch",
                        "event:epoch",
                        "event:epoch",
                        "event:epoch",
                        "event:status");
        assertThat(live.get(live.size() - 1)).contains("SUCCEEDED");

        String afterSecondEpoch = "2.1.2";
        assertThat(live).contains("id:" + afterSecondEpoch);
        List<String> rest = events(id, "Last-Event-ID", afterSecondEpoch);
        assertThat(rest.stream().filter(line -> line.startsWith("id:")))
                .containsExactly("id:2.1.3", "id:2.1.4", "id:3.1.4");
    }

    /** The lines of a stream until the service ends it. */
    private List<String> events(String id, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.uri("/api/v1/jobs/" + id + "/events"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.send(request)
                .body()
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @Test
    void listIsPagedFilteredAndNewestFirst() {
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitted.add(
                    0,
                    service.submit(
                            Service.irisJob("paged", 1).replaceFirst("\\{", "{\"labels\": {\"team\": \"a b\"},")));
        }
        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = Service.json(service.get("/api/v1/jobs?model=paged&limit=2&label=team%3Da%20b" + cursor));
            page.get("items").forEach(job -> listed.add(job.get("id").stringValue()));
            JsonNode next = page.get("next_cursor");
            cursor = next == null ? "" : "&cursor=" + next.stringValue();
        } while (!cursor.isEmpty());
        assertThat(listed).isEqualTo(submitted);
        assertThat(Service.json(service.get("/api/v1/jobs?model=paged&label=team%3Dother"))
                        .get("items"))
                .isEmpty();
    }

    @Test
    void earlyStoppingPublishesTheBestEpoch() {
        String job = Service.irisJob("stopped", 500)
                .replace(
                        "\"seed\": 7,",
                        "\"seed\": 7, \"early_stopping\": {\"patience\": 3, \"restore_best_weights\": true},");
        String id = service.submit(job);
        JsonNode ended = service.await(id, "SUCCEEDED", "FAILED");
        JsonNode epochs =
                Service.json(service.get("/api/v1/jobs/" + id + "/metrics")).get("epochs");
        double best = Double.MAX_VALUE;
        for (JsonNode epoch : epochs) {
            best = Math.min(best, epoch.get("val_loss").doubleValue());
        }
        assertThat(epochs.size()).isLessThan(500);
        assertThat(ended.at("/result/metrics/val_loss").doubleValue()).isEqualTo(best);
    }

    @Test
    void jobOfAKilledWorkerIsTakenUpAgain() {
        String id = service.submit(Service.irisJob("survivor", 1000));
        service.await(id, "RUNNING");
        Awaitility.await().until(() -> service.job(id).at("/progress/epoch").intValue() > 5);
        long pid = service.bean(JdbcClient.class)
                .sql("select pid from worker where job_id = cast(:id as uuid)")
                .param("id", id)
                .query(Long.class)
                .single();
        // SIGKILL
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        JsonNode ended = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(ended.get("status").stringValue()).isEqualTo("SUCCEEDED");
        assertThat(ended.get("attempt").intValue()).isEqualTo(2);
        assertThat(statuses(ended)).containsExactly("QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED");
        assertThat(ended.at("/transitions/2/message").stringValue()).isEqualTo("worker lost in attempt 1");
        JsonNode epochs =
                Service.json(service.get("/api/v1/jobs/" + id + "/metrics")).get("epochs");
        assertThat(epochs).hasSize(1000);
        assertThat(epochs.get(0).get("attempt").intValue()).isEqualTo(1);
        assertThat(epochs.get(999).get("attempt").intValue()).isEqualTo(2);
    }

    @Test
    void pausedJobFreesItsWorkerWithinSecondsAndGoesOnFromWhereItWas() {
        String id = service.submit(Service.irisJob("paused", 100_000));
        service.await(id, "RUNNING");
        Awaitility.await().until(() -> service.job(id).at("/progress/epoch").intValue() > 5);
        assertThat(service.post("/api/v1/jobs/" + id + "/pause", "").statusCode())
                .isEqualTo(202);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> service.job(id).get("status").stringValue().equals("PAUSED"));
        assertThat(service.post("/api/v1/jobs/" + id + "/pause", "").statusCode())
                .isEqualTo(202);
        int epoch = service.job(id).at("/progress/epoch").intValue();
        String other = service.submit(Service.irisJob("meanwhile", 2));
        service.await(other, "SUCCEEDED");

        assertThat(service.post("/api/v1/jobs/" + id + "/resume", "").statusCode())
                .isEqualTo(202);
        service.await(id, "RUNNING");
        Awaitility.await().until(() -> service.job(id).at("/progress/epoch").intValue() > epoch);
        assertThat(service.get("/api/v1/jobs/" + id + "/log").body()).contains("goes on after epoch " + epoch + ",");
        assertThat(statuses(service.job(id)))
                .containsExactly("QUEUED", "RUNNING", "PAUSING", "PAUSED", "QUEUED", "RUNNING");
        service.post("/api/v1/jobs/" + id + "/cancel", "");
        service.await(id, "CANCELLED");
        for (String call : List.of("pause", "resume")) {
            HttpResponse<String> late = service.post("/api/v1/jobs/" + id + "/" + call, "");
            assertThat(late.statusCode()).isEqualTo(409);
            assertThat(Service.json(late).get("detail").stringValue()).contains("has ended as CANCELLED");
        }
    }

    @Test
    void pausedJobIsCancelledAtOnce() {
        String running = service.submit(Service.irisJob("blocks", 100_000));
        service.await(running, "RUNNING");
        String id = service.submit(Service.irisJob("never-run", 1));
        assertThat(Service.json(service.post("/api/v1/jobs/" + id + "/pause", ""))
                        .get("status")
                        .stringValue())
                .isEqualTo("PAUSED");
        assertThat(Service.json(service.post("/api/v1/jobs/" + id + "/cancel", ""))
                        .get("status")
                        .stringValue())
                .isEqualTo("CANCELLED");
        service.post("/api/v1/jobs/" + running + "/cancel", "");
        service.await(running, "CANCELLED");
    }

    @Test
    void ownersTakeTurnsAndPriorityGoesFirst() {
        String blocking = service.submit(Service.irisJob("blocks", 100_000));
        service.await(blocking, "RUNNING");
        List<String> greedy = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            greedy.add(service.submit(owned("greedy", 0)));
        }
        String modest = service.submit(owned("modest", 0));
        String urgent = service.submit(owned("greedy", 5));
        assertThat(positions(urgent, greedy.get(0), modest, greedy.get(1), greedy.get(2)))
                .containsExactly(1, 2, 3, 4, 5);
        service.post("/api/v1/jobs/" + blocking + "/cancel", "");
        List<String> begun = Stream.of(greedy.get(0), greedy.get(1), greedy.get(2), modest, urgent)
                .map(id -> service.await(id, "SUCCEEDED"))
                .sorted(Comparator.comparing(job -> job.get("started_at").stringValue()))
                .map(job -> job.get("id").stringValue())
                .toList();
        assertThat(begun).containsExactly(urgent, greedy.get(0), modest, greedy.get(1), greedy.get(2));
    }

    @Test
    void queuedJobSaysWhenItShouldBeDone() {
        service.await(service.submit(Service.irisJob("told", 20)), "SUCCEEDED");
        String blocking = service.submit(Service.irisJob("told", 100_000));
        service.await(blocking, "RUNNING");
        Awaitility.await()
                .until(() -> service.job(blocking).at("/progress/epoch").intValue() > 5);
        String next = service.submit(Service.irisJob("told", 1000));
        String last = service.submit(Service.irisJob("told", 1000));
        assertThat(service.job(blocking).at("/progress/eta_seconds").doubleValue())
                .isPositive();
        Map<String, Double> etas = new HashMap<>();
        Service.json(service.get("/api/v1/jobs?model=told"))
                .get("items")
                .forEach(job -> etas.put(
                        job.get("id").stringValue(),
                        job.at("/progress/eta_seconds").asDouble(-1)));
        assertThat(etas.get(next)).isPositive();
        assertThat(etas.get(last)).isGreaterThan(etas.get(next));
        for (String id : List.of(last, next, blocking)) {
            service.post("/api/v1/jobs/" + id + "/cancel", "");
            assertThat(service.await(id, "CANCELLED").at("/progress").has("eta_seconds"))
                    .isFalse();
        }
    }

    private List<Integer> positions(String... ids) {
        return Stream.of(ids)
                .map(id -> service.job(id).get("queue_position").intValue())
                .toList();
    }

    private static String owned(String owner, int priority) {
        return Service.irisJob("fair", 1)
                .replaceFirst("\\{", "{\"labels\": {\"owner\": \"" + owner + "\"}, \"priority\": " + priority + ", ");
    }

    @Test
    void curvesArePaged() {
        String id = service.submit(Service.irisJob("paged", 7));
        service.await(id, "SUCCEEDED");
        JsonNode first = Service.json(service.get("/api/v1/jobs/" + id + "/metrics?limit=5"));
        assertThat(first.get("epochs")).hasSize(5);
        JsonNode second = Service.json(service.get("/api/v1/jobs/" + id + "/metrics?limit=5&cursor="
                + first.get("next_cursor").stringValue()));
        assertThat(second.get("epochs").get(0).get("epoch").intValue()).isEqualTo(6);
        assertThat(second.get("epochs")).hasSize(2);
        assertThat(second.has("next_cursor")).isFalse();
        assertThat(service.get("/api/v1/jobs/" + id + "/metrics?limit=0").statusCode())
                .isEqualTo(422);
    }

    @Test
    void workersSayWhatTheyAreBusyWith() {
        String id = service.submit(Service.irisJob("busy", 100_000));
        // A worker that another test has killed is listed for some time yet.
        JsonNode worker = Awaitility.await()
                .until(
                        () -> Service.json(service.get("/api/v1/workers"))
                                .get("items")
                                .valueStream()
                                .filter(item -> item.path("job_id").asString().equals(id))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(worker.get("state").stringValue()).isEqualTo("BUSY");
        assertThat(ProcessHandle.of(worker.get("pid").longValue())).isPresent();
        service.post("/api/v1/jobs/" + id + "/cancel", "");
        service.await(id, "CANCELLED");
    }

    @Test
    void reconciliationIsMadeOnDemand() {
        service.await(service.submit(Service.irisJob("reconciled", 1)), "SUCCEEDED");
        String before = service.get("/api/v1/admin/reconciliation").body();
        assertThat(service.post("/api/v1/admin/reconciliation", "").statusCode())
                .isEqualTo(202);
        JsonNode report = Service.json(Awaitility.await()
                .until(
                        () -> service.get("/api/v1/admin/reconciliation"),
                        answer -> answer.statusCode() == 200 && !answer.body().equals(before)));
        assertThat(report.get("clean").booleanValue()).as(report.toString()).isTrue();
        assertThat(report.at("/store/files").intValue()).isPositive();
        assertThat(report.at("/jobs/jobs").intValue()).isPositive();
    }

    @Test
    void devicesSayThatOneDnnIsInUse() {
        JsonNode devices = Awaitility.await()
                .until(() -> Service.json(service.get("/api/v1/devices")).get("items"), items -> !items.isEmpty());
        assertThat(devices.get(0).at("/device/onednn").booleanValue()).isTrue();
    }

    private static List<String> statuses(JsonNode job) {
        List<String> statuses = new ArrayList<>();
        job.get("transitions")
                .forEach(transition -> statuses.add(transition.get("status").stringValue()));
        return statuses;
    }
}
