package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Faults that are injected for real, into the packaged service: whatever dies or fills up, no accepted job is lost, none
 * ends twice, and what serves goes on serving. After each, database and store agree.
 */
class FaultsIT {

    private static final String[] SHORT_LEASES = {
        "--trainyard.training.heartbeat-interval=500ms", "--trainyard.training.missed-heartbeats=4"
    };
    /** By hand: {@code -Dtrainyard.faults.outage=60}. */
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("trainyard.faults.outage", 5));

    private static final String PREDICT = """
            {"model": "served", "version": %s, "instances": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}
            """;

    @TempDir
    Path data;

    @Test
    void workerThatIsPausedPastItsLeaseWritesNothingMore() throws Exception {
        try (ServiceProcess service = start("--trainyard.workers.local=2")) {
            String id = service.submit(Service.irisJob("fenced", 800));
            ProcessHandle first = service.awaitWorkerOf(id);
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);
            Signals.send(first, "STOP");
            service.await(
                    id,
                    job -> job.get("attempt").intValue() == 2
                            && job.get("status").stringValue().equals("RUNNING"));
            Signals.send(first, "CONT");
            JsonNode ended = service.awaitSuccess(id);

            assertThat(ended.get("attempt").intValue()).isEqualTo(2);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.output()
                    .contains("its work is dropped"));
            assertClean(service);
        }
    }

    @Test
    void cancelledJobEndsThoughItsWorkerSaysNothing() throws Exception {
        try (ServiceProcess service = start()) {
            String id = service.submit(Service.irisJob("hanging", 800));
            ProcessHandle worker = service.awaitWorkerOf(id);
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);
            Signals.send(worker, "STOP");
            assertThat(service.post("/api/v1/jobs/" + id + "/cancel", "").statusCode())
                    .isEqualTo(202);
            service.await(id, job -> job.get("status").stringValue().equals("CANCELLED"));
            Signals.send(worker, "CONT");
            service.train(Service.irisJob("next", 5));
            assertThat(service.job(id).get("status").stringValue()).isEqualTo("CANCELLED");
            assertClean(service);
        }
    }

    /** The curves that were drawn after the checkpoint before it are drawn again. */
    @Test
    void damagedCheckpointIsNotUsedAndTheOneBeforeIs() throws Exception {
        try (ServiceProcess service = start()) {
            JsonNode undisturbed = service.train(Service.irisJob("damaged", 400));
            String id = service.submit(Service.irisJob("damaged", 400));
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);
            service.post("/api/v1/jobs/" + id + "/pause", "");
            service.await(id, job -> job.get("status").stringValue().equals("PAUSED"));
            List<Path> checkpoints;
            try (Stream<Path> files = Files.list(data.resolve("artifacts/checkpoints/" + id))) {
                checkpoints = files.sorted(
                                Comparator.comparingInt(FaultsIT::epoch).thenComparingInt(FaultsIT::iteration))
                        .toList();
            }
            assertThat(checkpoints).hasSize(2);
            flipABit(checkpoints.get(1));
            service.post("/api/v1/jobs/" + id + "/resume", "");

            JsonNode ended = service.awaitSuccess(id);
            assertThat(service.get("/api/v1/jobs/" + id + "/log").body())
                    .contains("is not used", "goes on after epoch " + epoch(checkpoints.get(0)));
            assertThat(sha256(service, "damaged", ended)).isEqualTo(sha256(service, "damaged", undisturbed));
            assertClean(service);
        }
    }

    private static int iteration(Path checkpoint) {
        String name = checkpoint.getFileName().toString();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1, name.indexOf('.')));
    }

    private static int epoch(Path checkpoint) {
        String name = checkpoint.getFileName().toString();
        return Integer.parseInt(name.substring(name.indexOf('-') + 1, name.lastIndexOf('-')));
    }

    @Test
    void postgresThatIsAwayIsWaitedFor() throws Exception {
        try (ExternalPostgres postgres = ExternalPostgres.start(data.resolve("cluster"));
                ServiceProcess service = start(postgres.arguments())) {
            service.train(Service.irisJob("served", 5));
            JsonNode before = predictions(service, "\"latest\"");
            String id = service.submit(Service.irisJob("patient", 800));
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);
            Path worker = Path.of("/proc", String.valueOf(onlyWorker(service).pid()));
            for (String told : List.of("cmdline", "environ")) {
                assertThat(Files.readString(worker.resolve(told)))
                        .as("a worker knows nothing of the role that may change the schema")
                        .doesNotContainIgnoringCase("flyway");
            }

            postgres.stop();
            assertAway(service, id, before);
            postgres.startAgain();

            JsonNode ended = service.awaitSuccess(id);
            assertThat(ended.get("attempt").intValue()).isBetween(1, 2);
            assertThat(predictions(service, "\"latest\"")).isEqualTo(before);
            assertClean(service);
        }
    }

    @Test
    void postgresThatHangsWithoutAWordCountsAsAway() throws Exception {
        try (ExternalPostgres postgres = ExternalPostgres.start(data.resolve("cluster"));
                ServiceProcess service = start(Stream.concat(
                                Stream.of(postgres.arguments()),
                                Stream.of("--spring.datasource.hikari.data-source-properties.socketTimeout=2"))
                        .toArray(String[]::new))) {
            service.train(Service.irisJob("served", 5));
            JsonNode before = predictions(service, "\"latest\"");
            String id = service.submit(Service.irisJob("patient", 800));
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);

            postgres.signal("STOP");
            try {
                assertAway(service, id, before);
            } finally {
                postgres.signal("CONT");
            }
            service.awaitSuccess(id);
            assertThat(service.output()).contains("PostgreSQL is away, trying again");
            assertThat(predictions(service, "\"latest\"")).isEqualTo(before);
            assertClean(service);
        }
    }

    private static void assertAway(ServiceProcess service, String id, JsonNode before) {
        HttpResponse<String> away = service.get("/api/v1/jobs/" + id);
        assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
        assertThat(service.post("/api/v1/jobs", Service.irisJob("refused", 1)).statusCode())
                .isEqualTo(503);
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health/training").statusCode()).isEqualTo(503);
        long asked = System.nanoTime();
        String scrape = service.get("/actuator/prometheus").body();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
        assertThat(scrape)
                .contains("trainyard_database_up 0.0", "trainyard_serving_requests_seconds_count")
                .doesNotContain("trainyard_jobs{");
        Awaitility.await().during(OUTAGE).atMost(OUTAGE.plusSeconds(30)).until(() -> predictions(service, "\"latest\"")
                .equals(before));
        assertThat(predictions(service, "1")).isEqualTo(before);
    }

    @Test
    void embeddedPostgresThatIsKilledIsStartedAgain() throws Exception {
        try (ServiceProcess service = start()) {
            String id = service.submit(Service.irisJob("patient", 800));
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);
            Signals.postmaster(data.resolve("postgres")).destroyForcibly();
            Awaitility.await("it notices").atMost(Duration.ofSeconds(30)).until(() -> service.output()
                    .contains("PostgreSQL has ended unexpectedly"));
            Awaitility.await("it is back")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> service.get("/api/v1/jobs/" + id).statusCode() == 200);
            service.awaitSuccess(id);
            assertClean(service);
        }
    }

    @Test
    void damagedArtifactIsRefusedByNameAndTheOthersServe() throws Exception {
        try (ServiceProcess service = start()) {
            service.train(Service.irisJob("served", 5));
            JsonNode before = predictions(service, "1");
            service.train(Service.irisJob("served", 6));
            service.train(Service.irisJob("served", 7));
            flipABit(artifact(service, 2));
            Files.delete(artifact(service, 3));

            for (int version = 2; version <= 3; version++) {
                HttpResponse<String> refused = service.post("/predict", PREDICT.formatted(version));
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(Service.json(refused).get("type").stringValue()).isEqualTo("/problems/artifact-damaged");
                assertThat(refused.body()).contains(version == 2 ? "has the checksum" : "is missing");
            }
            assertThat(predictions(service, "1")).isEqualTo(before);

            JsonNode report = service.reconcile();
            assertThat(report.get("clean").booleanValue()).isFalse();
            assertThat(report.at("/store/damaged/0/owner").stringValue()).isEqualTo("model served version 2");
            assertThat(report.at("/store/missing/0/owner").stringValue()).isEqualTo("model served version 3");
            assertThat(report.at("/jobs/faults")).isEmpty();
        }
    }

    @Test
    void fullDiskFailsTheJobInWordsAndServingGoesOn() throws Exception {
        Path small = Files.createDirectories(data.resolve("small"));
        assumeThat(Signals.run("mount", "-t", "tmpfs", "-o", "size=3m", "none", small.toString()))
                .as("a file system of its own can be mounted")
                .isZero();
        try (ServiceProcess service = start("--trainyard.artifacts.dir=" + small)) {
            service.train(Service.irisJob("served", 5));
            JsonNode before = predictions(service, "1");
            String id = service.submit(Service.irisJob("too-large", 50).replace("\"units\": 16", "\"units\": 100000"));
            JsonNode failed =
                    service.await(id, job -> job.get("status").stringValue().equals("FAILED"));
            assertThat(failed.get("status_reason").stringValue()).contains("No space left on device");
            assertThat(predictions(service, "1")).isEqualTo(before);
            service.train(Service.irisJob("served", 5));
            assertClean(service);
        } finally {
            Signals.run("umount", small.toString());
        }
    }

    @Test
    void fullDiskRefusesAnUploadInWordsAndKeepsNothingOfIt() throws Exception {
        Path small = Files.createDirectories(data.resolve("small"));
        assumeThat(Signals.run("mount", "-t", "tmpfs", "-o", "size=3m", "none", small.toString()))
                .as("a file system of its own can be mounted")
                .isZero();
        String spec = "{'format': 'csv', 'label': 'y'}";
        byte[] little = ("x,y\n" + "1,p\n2,q\n".repeat(100)).getBytes(StandardCharsets.UTF_8);
        byte[] spooled = ("x,y\n" + "1,p\n2,q\n".repeat(500_000)).getBytes(StandardCharsets.UTF_8);
        byte[] unfolded = ("x,y\n" + "1,p\n2,q\n".repeat(250_000)).getBytes(StandardCharsets.UTF_8);
        try (ServiceProcess service = start("--trainyard.uploads.dir=" + small)) {
            for (byte[] large : List.of(spooled, unfolded)) {
                HttpResponse<String> full = service.upload("table", spec, large);
                assertThat(full.statusCode()).as(full.body()).isEqualTo(507);
                assertThat(Service.json(full).get("type").stringValue()).isEqualTo("/problems/storage-full");
                try (Stream<Path> left = Files.list(small)) {
                    assertThat(left).isEmpty();
                }
            }
            assertThat(service.get("/api/v1/datasets/table").statusCode()).isEqualTo(404);
            assertThat(service.upload("table", spec, little).statusCode()).isEqualTo(201);
            assertClean(service);
        } finally {
            Signals.run("umount", small.toString());
        }
    }

    @Test
    void failingFsyncFailsTheJobInWordsAndPublishesNothing() throws Exception {
        assumeThat(Signals.run("strace", "-V")).as("strace is there").isZero();
        try (ServiceProcess service = start()) {
            service.train(Service.irisJob("served", 5));
            String id = service.submit(Service.irisJob("unsafe", 800));
            ProcessHandle worker = service.awaitWorkerOf(id);
            Process strace = strace(worker, "trace=fsync,fdatasync", "inject=fsync,fdatasync:error=EIO");
            try {
                JsonNode failed =
                        service.await(id, job -> job.get("status").stringValue().equals("FAILED"));
                assertThat(failed.get("status_reason").stringValue())
                        .contains("a file could not be written or read", "Input/output error");
                assertThat(service.get("/api/v1/models/unsafe").statusCode()).isEqualTo(404);
            } finally {
                strace.destroy();
                strace.waitFor();
            }
            service.train(Service.irisJob("served", 5));
            assertClean(service);
        }
    }

    /** The file is being written, or is about to get its name; of a checkpoint, or of the version. */
    @ParameterizedTest
    @CsvSource({"fsync, 60", "rename, 60", "fsync, 1", "rename, 1"})
    void workerThatIsKilledWhileItStoresIsReplacedAndTheResultIsTheSame(String call, int epochs) throws Exception {
        assumeThat(Signals.run("strace", "-V")).as("strace is there").isZero();
        try (ServiceProcess service = start()) {
            JsonNode undisturbed = service.train(Service.irisJob("stored", epochs));
            Process strace = strace(onlyWorker(service), "trace=" + call, "inject=" + call + ":signal=KILL");
            try {
                JsonNode ended = service.awaitSuccess(service.submit(Service.irisJob("stored", epochs)));
                assertThat(ended.get("attempt").intValue()).isEqualTo(2);
                assertThat(sha256(service, "stored", ended)).isEqualTo(sha256(service, "stored", undisturbed));
                assertClean(service);
            } finally {
                strace.destroy();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "rename"})
    void workerThatIsKilledWhileItStoresPredictionsIsReplacedAndTheFileIsTheSame(String call) throws Exception {
        assumeThat(Signals.run("strace", "-V")).as("strace is there").isZero();
        try (ServiceProcess service = start()) {
            service.train(Service.irisJob("stored", 5));
            JsonNode undisturbed = service.awaitSuccess(predictionOfIris(service));
            Process strace = strace(onlyWorker(service), "trace=" + call, "inject=" + call + ":signal=KILL");
            try {
                JsonNode ended = service.awaitSuccess(predictionOfIris(service));
                assertThat(ended.get("attempt").intValue()).isEqualTo(2);
                assertThat(ended.at("/result/file")).isEqualTo(undisturbed.at("/result/file"));
                assertThat(ended.at("/result/file/rows").intValue()).isEqualTo(30);
                assertClean(service);
            } finally {
                strace.destroy();
            }
        }
    }

    private static String predictionOfIris(ServiceProcess service) {
        HttpResponse<String> accepted = service.post(
                "/api/v1/batch-predictions", "{\"model\": \"stored\", \"version\": 1, \"dataset\": \"iris\"}");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return Service.json(accepted).get("id").stringValue();
    }

    @Test
    void jobThatKillsItsWorkersFailsAndTheOthersGoOn() throws Exception {
        try (ServiceProcess service = start("--trainyard.workers.local=2")) {
            // An epoch of it takes so long that no checkpoint is reached.
            String poison = service.submit("""
                    {"model": "poison", "dataset": "digits", "network": {"preset": "rung-9"},
                     "training": {"epochs": 5, "batch_size": 1}}""");
            List<String> others = new ArrayList<>();
            for (int attempt = 1; attempt <= 3; attempt++) {
                int current = attempt;
                service.await(poison, job -> job.get("attempt").intValue() == current);
                service.awaitWorkerOf(poison).destroyForcibly();
                others.add(service.submit(Service.irisJob("other", 5)));
            }
            others.forEach(service::awaitSuccess);
            JsonNode failed =
                    service.await(poison, job -> job.get("status").stringValue().equals("FAILED"));
            assertThat(failed.get("attempt").intValue()).isEqualTo(3);
            assertThat(failed.get("status_reason").stringValue()).startsWith("worker lost: 3 attempts");
            assertClean(service);
        }
    }

    @Test
    void exhaustedMemoryEndsTheWorkerNotTheService() throws Exception {
        try (ServiceProcess service =
                start("--trainyard.workers.jvm-options=-Xmx512m,-Dorg.bytedeco.javacpp.maxphysicalbytes=1000m")) {
            service.train(Service.irisJob("served", 5));
            ProcessHandle worker = onlyWorker(service);
            String id = service.submit(Service.irisJob("large", 5)
                    .replace("\"units\": 16,", "\"units\": 30000}, {\"type\": \"dense\", \"units\": 5000,"));
            String waiting = service.submit(Service.irisJob("served", 5));
            JsonNode failed =
                    service.await(id, job -> job.get("status").stringValue().equals("FAILED"));
            assertThat(failed.get("status_reason").stringValue()).startsWith("out of memory");
            assertThat(service.awaitSuccess(waiting).get("attempt").intValue()).isEqualTo(1);
            assertThat(service.output()).contains("process " + worker.pid() + ", ended with status 3");
            assertClean(service);
        }
    }

    @Test
    void requestsThatAskForTooMuchAreRefusedAndTheOthersAnswered() throws Exception {
        try (ServiceProcess service = start("--trainyard.serving.max-queued=2")) {
            service.train(Service.irisJob("served", 5));
            JsonNode before = predictions(service, "1");
            String large = "[" + "[5.1, 3.5, 1.4, 0.2],".repeat(4999) + "[6.8, 3.0, 6.0, 2.3]]";
            ExecutorService clients = Executors.newFixedThreadPool(16);
            try {
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    String request = i % 2 == 0
                            ? PREDICT.formatted("1")
                            : "{\"model\": \"served\", \"version\": 1, \"instances\": %s}".formatted(large);
                    answers.add(clients.submit(() -> service.post("/predict", request)));
                    String invalid = request.replaceFirst("5.1, ", i % 4 < 2 ? "" : "\"NaN\", ");
                    answers.add(clients.submit(() -> service.post("/predict", invalid)));
                }
                int refused = 0;
                for (int i = 0; i < answers.size(); i++) {
                    HttpResponse<String> answer = answers.get(i).get();
                    if (i % 2 == 1) {
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
                    } else if (answer.statusCode() == 429) {
                        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                        refused++;
                    } else {
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        JsonNode given = Service.json(answer).get("predictions");
                        assertThat(given.get(0)).isEqualTo(before.get(0));
                        assertThat(given.get(given.size() - 1)).isEqualTo(before.get(1));
                    }
                }
                assertThat(refused).as("requests past capacity").isPositive();
            } finally {
                clients.shutdownNow();
            }
            String huge = "[" + "[5.1, 3.5, 1.4, 0.2],".repeat(10_000) + "[6.8, 3.0, 6.0, 2.3]]";
            assertThat(service.post("/predict", "{\"model\": \"served\", \"instances\": %s}".formatted(huge))
                            .statusCode())
                    .isEqualTo(413);
            HttpResponse<String> tooLarge = service.post(
                    "/api/v1/jobs",
                    Service.irisJob("large", 5)
                            .replace(
                                    "\"units\": 16,",
                                    "\"units\": 1000000}, {\"type\": \"dense\", \"units\": 1000000,"));
            assertThat(tooLarge.statusCode()).isEqualTo(422);
            assertThat(tooLarge.body()).contains("Training needs about");
            assertThat(predictions(service, "1")).isEqualTo(before);
            assertClean(service);
        }
    }

    @Test
    void divergedJobKeepsItsCurveAndPublishesNothing() throws Exception {
        try (ServiceProcess service = start()) {
            String id = service.submit("""
                    {"model": "wild", "dataset": "friedman1", "network": {"layers": [{"type": "dense", "units": 1}]},
                     "training": {"epochs": 5, "optimizer": {"type": "sgd", "learning_rate": 1000}}}""");
            JsonNode failed =
                    service.await(id, job -> job.get("status").stringValue().equals("FAILED"));
            assertThat(failed.get("status_reason").stringValue())
                    .startsWith("diverged: the loss became NaN in epoch 1");
            assertThat(Service.json(service.get("/api/v1/jobs/" + id + "/metrics"))
                            .get("epochs"))
                    .hasSize(1);
            assertThat(service.get("/api/v1/models/wild").statusCode()).isEqualTo(404);
            assertClean(service);
        }
    }

    /** Two of the versions fit into memory: most moves load one and evict another. */
    @Test
    void versionsThatMoveLoadAndGoFailNoRequest() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        try (ServiceProcess service = start("--trainyard.serving.max-loaded=2")) {
            SortedSet<Integer> versions = new TreeSet<>();
            for (int epochs = 3; epochs < 7; epochs++) {
                versions.add(service.train(Service.irisJob("served", epochs))
                        .at("/result/version")
                        .intValue());
            }
            pointAt(service, 1);
            Map<Integer, JsonNode> given = new ConcurrentHashMap<>();
            AtomicInteger answers = new AtomicInteger();
            AtomicBoolean ended = new AtomicBoolean();
            ExecutorService clients = Executors.newFixedThreadPool(4);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (String version : List.of("\"production\"", "\"latest\"", "\"production\"", "\"latest\"")) {
                    running.add(clients.submit(() -> {
                        while (!ended.get()) {
                            HttpResponse<String> answer = service.post("/predict", PREDICT.formatted(version));
                            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                            JsonNode body = Service.json(answer);
                            JsonNode first =
                                    given.putIfAbsent(body.get("version").intValue(), body.get("predictions"));
                            assertThat(first).isIn(null, body.get("predictions"));
                            answers.incrementAndGet();
                        }
                    }));
                }
                for (int round = 0; round < 12; round++) {
                    for (int move = 0; move < 10; move++) {
                        pointAt(service, List.copyOf(versions).get(random.nextInt(versions.size())));
                    }
                    int kept = versions.first();
                    pointAt(service, kept);
                    List<Integer> others =
                            versions.stream().filter(version -> version != kept).toList();
                    int deleted = others.get(random.nextInt(others.size()));
                    assertThat(service.send("DELETE", "/api/v1/models/served/versions/" + deleted, "")
                                    .statusCode())
                            .isEqualTo(204);
                    versions.remove(deleted);
                    versions.add(service.train(Service.irisJob("served", 7 + round))
                            .at("/result/version")
                            .intValue());
                }
                ended.set(true);
                for (Future<?> client : running) {
                    client.get();
                }
            } finally {
                ended.set(true);
                clients.shutdownNow();
            }
            assertThat(answers.get()).isGreaterThan(100);
            assertThat(given).hasSizeGreaterThan(4);
            assertThat(given.values()).doesNotHaveDuplicates();
            for (int version : versions) {
                assertThat(predictions(service, String.valueOf(version)))
                        .isEqualTo(given.getOrDefault(version, predictions(service, String.valueOf(version))));
            }
            assertClean(service);
        }
    }

    private static void pointAt(ServiceProcess service, int version) {
        HttpResponse<String> moved =
                service.send("PUT", "/api/v1/models/served/aliases/production", "{\"version\": %d}".formatted(version));
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
    }

    @Test
    void serviceThatIsStoppedAndStartedLosesNoEpoch() throws Exception {
        String id;
        int epoch;
        try (ServiceProcess service = start()) {
            id = service.submit(Service.irisJob("rolled", 800));
            epoch = service.await(id, job -> job.at("/progress/epoch").intValue() > 5)
                    .at("/progress/epoch")
                    .intValue();
            assertThat(service.terminate()).isIn(0, 143);
        }
        try (ServiceProcess service = start()) {
            JsonNode ended = service.awaitSuccess(id);
            assertThat(ended.at("/transitions/2/message").stringValue()).isEqualTo("worker stopped in attempt 1");
            assertThat(service.get("/api/v1/jobs/" + id + "/log?attempt=2").body())
                    .contains("goes on after epoch");
            assertThat(service.get("/api/v1/jobs/" + id + "/log?attempt=2").body())
                    .doesNotContain("epoch " + epoch + "/");
            assertClean(service);
        }
    }

    @Test
    void cancelThatRacesCompletionGivesOneEnd() throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        try (ServiceProcess service = start("--trainyard.workers.local=2")) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String id = service.submit(Service.irisJob("raced", 1 + random.nextInt(20)));
                ids.add(id);
                long moment = System.nanoTime() + random.nextLong(300_000_000L);
                Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > moment);
                assertThat(service.post("/api/v1/jobs/" + id + "/cancel", "").statusCode())
                        .isIn(202, 409);
            }
            for (String id : ids) {
                JsonNode job = service.await(id, ended -> List.of("SUCCEEDED", "CANCELLED")
                        .contains(ended.get("status").stringValue()));
                long ends = job.get("transitions")
                        .valueStream()
                        .filter(transition -> List.of("SUCCEEDED", "CANCELLED", "FAILED")
                                .contains(transition.get("status").stringValue()))
                        .count();
                assertThat(ends).isEqualTo(1);
            }
            assertClean(service);
        }
    }

    private ServiceProcess start(String... arguments) throws IOException, InterruptedException {
        FreshData.copyTo(data);
        List<String> all = new ArrayList<>(List.of(SHORT_LEASES));
        all.addAll(List.of(arguments));
        return ServiceProcess.start(data, ServiceProcess.freePort(), all.toArray(String[]::new))
                .awaitReady();
    }

    /** Has system calls of a process fail; returns when it does so. */
    private static Process strace(ProcessHandle process, String trace, String inject) throws IOException {
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-o",
                        "/dev/null",
                        "-p",
                        String.valueOf(process.pid()),
                        "-e",
                        trace,
                        "-e",
                        inject)
                .start();
        // It says so of each thread.
        String attached = strace.errorReader().readLine();
        assertThat(attached).contains("attached");
        Thread drain = new Thread(() -> strace.errorReader().lines().forEach(line -> {}), "strace-drain");
        drain.setDaemon(true);
        drain.start();
        return strace;
    }

    private static ProcessHandle onlyWorker(ServiceProcess service) {
        List<ProcessHandle> workers = service.workers();
        assertThat(workers).hasSize(1);
        return workers.get(0);
    }

    private static void assertClean(ServiceProcess service) {
        JsonNode report = service.reconcile();
        assertThat(report.get("clean").booleanValue()).as(report.toString()).isTrue();
    }

    private static JsonNode predictions(ServiceProcess service, String version) {
        HttpResponse<String> answer = service.post("/predict", PREDICT.formatted(version));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Service.json(answer).get("predictions");
    }

    private static String sha256(ServiceProcess service, String model, JsonNode job) {
        return sha256(service, model, job.at("/result/version").intValue());
    }

    private static String sha256(ServiceProcess service, String model, int version) {
        return Service.json(service.get("/api/v1/models/" + model + "/versions/" + version))
                .at("/artifact/sha256")
                .stringValue();
    }

    private Path artifact(ServiceProcess service, int version) {
        String sha256 = sha256(service, "served", version);
        return data.resolve("artifacts").resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    private static void flipABit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
