package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several API processes and workers that share a PostgreSQL and an artifact store. */
class ClusterIT {

    private static final String PREDICT = """
            {"model": "served", "version": 1, "instances": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}
            """;

    private static final Pattern EPOCH = Pattern.compile(" epoch (\\d+)/");

    @TempDir
    Path folder;

    private final List<ServiceProcess> started = new ArrayList<>();
    private ExternalPostgres postgres;

    @BeforeEach
    void startPostgres() throws IOException {
        postgres = ExternalPostgres.start(folder.resolve("cluster"));
    }

    @AfterEach
    void stopAll() throws IOException {
        for (ServiceProcess process : started) {
            process.close();
        }
        postgres.close();
    }

    @Test
    void workersJoinAndLeaveAndApisAreReplacedWhileJobsRunAndNothingFails() throws Exception {
        ServiceProcess first = api("first").awaitReady();
        ServiceProcess second = api("second").awaitReady();
        ServiceProcess leaving = worker("leaving");
        ServiceProcess staying = worker("staying");
        JsonNode served = first.train(Service.irisJob("served", 5));
        JsonNode expected = Service.json(second.post("/predict", PREDICT)).get("predictions");
        assertThat(Service.json(first.post("/predict", PREDICT)).get("predictions"))
                .isEqualTo(expected);

        LoadBalancer clients = new LoadBalancer(expected);
        clients.add(first);
        clients.add(second);
        try (clients) {
            clients.start();
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                // The first two are still running when a worker leaves.
                jobs.add((i % 2 == 0 ? first : second).submit(Service.irisJob("rolled", i < 2 ? 1000 : 100)));
            }
            String busy = busyJob(second, leaving);
            int epoch = second.await(busy, job -> job.at("/progress/epoch").intValue() > 5)
                    .at("/progress/epoch")
                    .intValue();
            assertThat(leaving.terminate()).isIn(0, 143);
            assertThat(second.await(busy, job -> job.at("/transitions/2/status").isString())
                            .at("/transitions/2/message")
                            .stringValue())
                    .isEqualTo("worker stopped in attempt 1");
            assertThat(second.job(busy).at("/progress/epoch").intValue()).isGreaterThanOrEqualTo(epoch);
            ServiceProcess joining = worker("joining");

            replace(first, "third", clients);
            ServiceProcess last = replace(second, "fourth", clients);

            for (String id : jobs) {
                JsonNode job = last.awaitSuccess(id);
                assertThat(epochsOf(last, job))
                        .containsExactlyElementsOf(
                                numbersTo(job.at("/spec/training/epochs").intValue()));
            }
            assertThat(workerPids(last)).containsExactlyInAnyOrder(staying.pid(), joining.pid());
            clients.stop();
            assertThat(clients.failures).isEmpty();
            assertThat(clients.answers.get()).isPositive();
            JsonNode report = last.reconcile();
            assertThat(report.get("clean").booleanValue()).as(report.toString()).isTrue();
            assertThat(last.job(served.get("id").stringValue())).isEqualTo(served);
        }
    }

    /** Starts a new API process, then has the old one end, which says that it is not ready before it stops answering. */
    private ServiceProcess replace(ServiceProcess old, String name, LoadBalancer clients) throws Exception {
        ServiceProcess replacement = api(name).awaitReady();
        clients.add(replacement);
        old.requestEnd();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> old.get("/actuator/health/readiness").statusCode() == 503);
        assertThat(old.post("/predict", PREDICT).statusCode()).isEqualTo(200);
        assertThat(old.awaitEnd()).isIn(0, 143);
        clients.remove(old);
        return replacement;
    }

    private ServiceProcess api(String name) throws IOException {
        return process(name, postgres.arguments(), "--trainyard.workers.local=0", "--trainyard.shutdown-delay=3s");
    }

    private ServiceProcess worker(String name) throws IOException {
        ServiceProcess worker = process(name, postgres.workerArguments(), "--trainyard.role=worker");
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> worker.output()
                .contains("waits for jobs"));
        return worker;
    }

    private ServiceProcess process(String name, String[] database, String... arguments) throws IOException {
        String[] all = Stream.of(
                        database, arguments, new String[] {"--trainyard.artifacts.dir=" + folder.resolve("artifacts")})
                .flatMap(Stream::of)
                .toArray(String[]::new);
        ServiceProcess process = ServiceProcess.start(folder.resolve(name), ServiceProcess.freePort(), all);
        started.add(process);
        return process;
    }

    /** Waits until a worker runs a job; returns its id. */
    private static String busyJob(ServiceProcess api, ServiceProcess worker) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> workers(api)
                                .filter(row -> row.get("pid").longValue() == worker.pid())
                                .map(row -> row.path("job_id").asString(""))
                                .findFirst()
                                .orElse(""),
                        id -> !id.isEmpty());
    }

    private static List<Long> workerPids(ServiceProcess api) {
        return workers(api).map(row -> row.get("pid").longValue()).toList();
    }

    private static Stream<JsonNode> workers(ServiceProcess api) {
        return Service.json(api.get("/api/v1/workers")).get("items").valueStream();
    }

    /** The epochs that a job's attempts have recorded, one after another. */
    private static List<Integer> epochsOf(ServiceProcess api, JsonNode job) {
        List<Integer> epochs = new ArrayList<>();
        for (int attempt = 1; attempt <= job.get("attempt").intValue(); attempt++) {
            String log = api.get("/api/v1/jobs/" + job.get("id").stringValue() + "/log?attempt=" + attempt)
                    .body();
            EPOCH.matcher(log)
                    .results()
                    .map((MatchResult match) -> Integer.valueOf(match.group(1)))
                    .forEach(epochs::add);
        }
        return epochs;
    }

    private static List<Integer> numbersTo(int last) {
        return Stream.iterate(1, number -> number + 1).limit(last).toList();
    }

    /** Clients that keep asking those processes which said last that they are ready, as behind a load balancer. */
    private static final class LoadBalancer implements AutoCloseable {

        private static final Duration CHECK = Duration.ofMillis(200);

        private final Set<ServiceProcess> all = ConcurrentHashMap.newKeySet();
        private final Set<ServiceProcess> ready = ConcurrentHashMap.newKeySet();
        private final List<String> failures = new ArrayList<>();
        private final AtomicInteger answers = new AtomicInteger();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<Future<?>> running = new ArrayList<>();
        private final JsonNode expected;
        private volatile boolean stopped;

        LoadBalancer(JsonNode expected) {
            this.expected = expected;
        }

        void add(ServiceProcess api) {
            all.add(api);
            ready.add(api);
        }

        void remove(ServiceProcess api) {
            all.remove(api);
            ready.remove(api);
        }

        void start() {
            running.add(threads.submit(this::check));
            for (int client = 0; client < 3; client++) {
                running.add(threads.submit(this::ask));
            }
        }

        void stop() throws Exception {
            stopped = true;
            for (Future<?> thread : running) {
                thread.get();
            }
        }

        private void check() {
            while (!stopped) {
                for (ServiceProcess api : all) {
                    if (isReady(api)) {
                        ready.add(api);
                    } else {
                        ready.remove(api);
                    }
                }
                LockSupport.parkNanos(CHECK.toNanos());
            }
        }

        private static boolean isReady(ServiceProcess api) {
            try {
                return api.get("/actuator/health/readiness").statusCode() == 200;
            } catch (UncheckedIOException closed) {
                return false;
            }
        }

        private void ask() {
            while (!stopped) {
                ready.forEach(this::predict);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }

        private void predict(ServiceProcess api) {
            try {
                HttpResponse<String> answer = api.post("/predict", PREDICT);
                if (answer.statusCode() != 200
                        || !Service.json(answer).get("predictions").equals(expected)) {
                    fail(answer.statusCode() + " " + answer.body());
                }
                answers.incrementAndGet();
            } catch (RuntimeException broken) {
                fail(broken.toString());
            }
        }

        private synchronized void fail(String what) {
            failures.add(what);
        }

        @Override
        public void close() {
            stopped = true;
            threads.shutdownNow();
        }
    }
}
