package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
            signal(first, "STOP");
            service.await(
                    id,
                    job -> job.get("attempt").intValue() == 2
                            && job.get("status").stringValue().equals("RUNNING"));
            signal(first, "CONT");
            JsonNode ended = service.awaitSuccess(id);

            assertThat(ended.get("attempt").intValue()).isEqualTo(2);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.output()
                    .contains("its work is dropped"));
            assertClean(service);
        }
    }

    @Test
    void postgresThatIsAwayIsWaitedFor() throws Exception {
        Path cluster = Files.createDirectories(data.resolve("cluster"));
        int port = ServiceProcess.freePort();
        EmbeddedPostgres postgres = postgres(cluster, port);
        String url = "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres");
        try (ServiceProcess service = start(url, "--spring.datasource.username=postgres")) {
            service.train(Service.irisJob("served", 5));
            JsonNode before = predictions(service, "\"latest\"");
            String id = service.submit(Service.irisJob("patient", 800));
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);

            // QUIT is PostgreSQL's immediate shutdown.
            ProcessHandle postmaster = postmaster(cluster);
            signal(postmaster, "QUIT");
            postmaster.onExit().get(30, TimeUnit.SECONDS);
            HttpResponse<String> away = service.get("/api/v1/jobs/" + id);
            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(away.headers().firstValue("Retry-After")).isPresent();
            assertThat(service.post("/api/v1/jobs", Service.irisJob("refused", 1))
                            .statusCode())
                    .isEqualTo(503);
            Awaitility.await().during(OUTAGE).atMost(OUTAGE.plusSeconds(30)).until(() -> predictions(
                            service, "\"latest\"")
                    .equals(before));
            assertThat(predictions(service, "1")).isEqualTo(before);
            close(postgres);

            postgres = postgres(cluster, port);
            JsonNode ended = service.awaitSuccess(id);
            assertThat(ended.get("attempt").intValue()).isBetween(1, 2);
            assertThat(predictions(service, "\"latest\"")).isEqualTo(before);
            assertClean(service);
        } finally {
            close(postgres);
        }
    }

    @Test
    void embeddedPostgresThatIsKilledIsStartedAgain() throws Exception {
        try (ServiceProcess service = start()) {
            String id = service.submit(Service.irisJob("patient", 800));
            service.await(id, job -> job.at("/progress/epoch").intValue() > 5);
            postmaster(data.resolve("postgres")).destroyForcibly();
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
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=3m", "none", small.toString()))
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
            run("umount", small.toString());
        }
    }

    @Test
    void failingFsyncFailsTheJobInWordsAndPublishesNothing() throws Exception {
        assumeThat(run("strace", "-V")).as("strace is there").isZero();
        try (ServiceProcess service = start()) {
            service.train(Service.irisJob("served", 5));
            String id = service.submit(Service.irisJob("unsafe", 800));
            ProcessHandle worker = service.awaitWorkerOf(id);
            Process strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-q",
                            "-o",
                            "/dev/null",
                            "-p",
                            String.valueOf(worker.pid()),
                            "-e",
                            "trace=fsync,fdatasync",
                            "-e",
                            "inject=fsync,fdatasync:error=EIO")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
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

    private ServiceProcess start(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(SHORT_LEASES));
        all.addAll(List.of(arguments));
        return ServiceProcess.start(data, ServiceProcess.freePort(), all.toArray(String[]::new))
                .awaitReady();
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

    private Path artifact(ServiceProcess service, int version) {
        String sha256 = Service.json(service.get("/api/v1/models/served/versions/" + version))
                .at("/artifact/sha256")
                .stringValue();
        return data.resolve("artifacts").resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    private static void flipABit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static EmbeddedPostgres postgres(Path cluster, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    private static void close(EmbeddedPostgres postgres) {
        try {
            postgres.close();
        } catch (IOException | RuntimeException stopped) {
            System.err.println("PostgreSQL was stopped before: " + stopped.getMessage());
        }
    }

    private static ProcessHandle postmaster(Path cluster) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(cluster.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void signal(ProcessHandle process, String signal) throws IOException, InterruptedException {
        assertThat(run("kill", "-" + signal, String.valueOf(process.pid()))).isZero();
    }

    /** Returns the exit status; −1 where there is no such program. */
    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException none) {
            return -1;
        }
    }
}
