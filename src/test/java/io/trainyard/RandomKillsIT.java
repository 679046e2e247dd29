package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} at random moments, of workers, the API process and PostgreSQL, while jobs keep coming: each accepted job
 * ends once, and database and store agree.
 */
class RandomKillsIT {

    /** By hand: {@code -Dtrainyard.faults.kills=200}. */
    private static final int KILLS = Integer.getInteger("trainyard.faults.kills", 4);

    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final int JOBS_PER_KILL = 2;

    @TempDir
    Path data;

    @Test
    void acceptedJobsEndOnceWhateverIsKilled() throws Exception {
        long seed = Long.getLong("trainyard.faults.seed", System.nanoTime());
        System.out.println("trainyard.faults.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> accepted = new ArrayList<>();
        ServiceProcess service = start();
        try {
            for (int kill = 1; kill <= KILLS; kill++) {
                for (int i = 0; i < JOBS_PER_KILL; i++) {
                    accepted.add(service.submit(Service.irisJob("random", 1 + random.nextInt(200))));
                }
                long moment = System.nanoTime() + random.nextLong(4_000_000_000L);
                Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > moment);
                int victim = random.nextInt(10);
                if (victim < 6) {
                    List<ProcessHandle> workers = service.workers();
                    if (!workers.isEmpty()) {
                        workers.get(random.nextInt(workers.size())).destroyForcibly();
                    }
                } else if (victim < 8) {
                    long pid = Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                            .get(0)
                            .strip());
                    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                } else {
                    service.kill();
                    service.close();
                    service = start();
                }
                awaitAnswer(service);
                if (kill % 10 == 0) {
                    System.out.println(kill + " of " + KILLS + " kills");
                }
            }
            for (String id : accepted) {
                JsonNode ended = service.await(id, job -> List.of("SUCCEEDED", "FAILED")
                        .contains(job.get("status").stringValue()));
                // A job that was unlucky three times in a row has failed, and says so.
                assertThat(ended.get("status").stringValue().equals("SUCCEEDED")
                                || ended.get("status_reason").stringValue().startsWith("worker lost"))
                        .as(ended.toString())
                        .isTrue();
            }
            JsonNode report = service.reconcile();
            assertThat(report.get("clean").booleanValue()).as(report.toString()).isTrue();
            System.out.println(KILLS + " kills, " + accepted.size() + " jobs: " + report);
        } finally {
            service.close();
        }
    }

    private ServiceProcess start() throws Exception {
        FreshData.copyTo(data);
        return ServiceProcess.start(
                        data,
                        ServiceProcess.freePort(),
                        "--trainyard.workers.local=2",
                        "--trainyard.training.heartbeat-interval=500ms",
                        "--trainyard.training.missed-heartbeats=4")
                .awaitReady();
    }

    private static void awaitAnswer(ServiceProcess service) {
        Awaitility.await().atMost(RECOVERY).until(() -> {
            try {
                HttpResponse<String> answer = service.get("/api/v1/jobs?limit=1");
                return answer.statusCode() == 200;
            } catch (UncheckedIOException notYet) {
                return false;
            }
        });
    }
}
