package io.trainyard;

import io.trainyard.client.Trainyard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** The packaged service in a process of its own: installed, or as {@code java -jar} starts it. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration START_WAIT = Duration.ofMinutes(2);
    private static final Duration STOP_WAIT = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private ServiceProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * @param arguments of the command line, such as {@code --trainyard.workers.local=2}
     */
    static ServiceProcess start(Path data, int port, String... arguments) throws IOException {
        return start(data, port, Map.of(), arguments);
    }

    /**
     * @param variables of the environment, besides
     */
    static ServiceProcess start(Path data, int port, Map<String, String> variables, String... arguments)
            throws IOException {
        return start(List.of(Installed.command().toString()), data, port, variables, arguments);
    }

    /**
     * @param jar the whole program, or with its libraries beside it
     */
    static ServiceProcess startJar(Path jar, Path data, int port, Map<String, String> variables, String... arguments)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return start(List.of(java, "-jar", jar.toString()), data, port, variables, arguments);
    }

    private static ServiceProcess start(
            List<String> program, Path data, int port, Map<String, String> variables, String... arguments)
            throws IOException {
        Path log = Files.createTempFile("trainyard-process", ".log");
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("TRAINYARD_DATA_DIR", data.toString());
        builder.environment().put("SERVER_PORT", String.valueOf(port));
        return new ServiceProcess(builder.start(), log, port);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    ServiceProcess awaitReady() {
        Awaitility.await().atMost(START_WAIT).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended: " + output());
            }
            try {
                return get("/actuator/health/readiness").statusCode() == 200;
            } catch (UncheckedIOException notYet) {
                return false;
            }
        });
        return this;
    }

    /** Waits for the end of the process; returns its exit status. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(START_WAIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs: " + output());
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    /** The processes that it has started: PostgreSQL's postmaster is not among them, since it detaches. */
    List<ProcessHandle> workers() {
        return process.descendants()
                .filter(child -> child.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(argument -> argument.equals("--trainyard.role=worker")))
                .toList();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, without waiting for what follows. */
    void requestEnd() {
        process.destroy();
    }

    /** SIGTERM. */
    int terminate() throws InterruptedException {
        requestEnd();
        if (!process.waitFor(STOP_WAIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop: " + output());
        }
        return process.exitValue();
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As programs see it. */
    Trainyard client() {
        return Trainyard.at(uri("/"));
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    /** Sends JSON. */
    HttpResponse<String> send(String method, String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Sends a table to become a dataset version. */
    HttpResponse<String> upload(String dataset, String spec, byte[] train) {
        return send(HttpRequest.newBuilder(uri("/api/v1/datasets/" + dataset + "/versions"))
                .header("Content-Type", Multipart.TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(spec, Map.of("train", train), ".csv"))));
    }

    /** Submits a job and waits until it has succeeded; returns it. */
    JsonNode train(String job) {
        return awaitSuccess(submit(job));
    }

    /** Submits a job that must be accepted; returns its id. */
    String submit(String job) {
        HttpResponse<String> accepted = post("/api/v1/jobs", job);
        if (accepted.statusCode() != 202) {
            throw new AssertionError(accepted.body());
        }
        return Service.json(accepted).get("id").stringValue();
    }

    JsonNode job(String id) {
        return Service.json(get("/api/v1/jobs/" + id));
    }

    /** Waits until a job is as wanted; returns it. */
    JsonNode await(String id, Predicate<JsonNode> wanted) {
        return Service.json(Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> get("/api/v1/jobs/" + id),
                        answer -> answer.statusCode() == 200 && wanted.test(Service.json(answer))));
    }

    /** Waits until a job has succeeded; returns it. */
    JsonNode awaitSuccess(String id) {
        return await(id, job -> {
            if (List.of("FAILED", "CANCELLED").contains(job.get("status").stringValue())) {
                throw new AssertionError(
                        job + "\n" + get("/api/v1/jobs/" + id + "/log").body());
            }
            return job.get("status").stringValue().equals("SUCCEEDED");
        });
    }

    /** Waits for a worker that runs a job; returns its process. */
    ProcessHandle awaitWorkerOf(String id) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> Service.json(get("/api/v1/workers"))
                                .get("items")
                                .valueStream()
                                .filter(worker ->
                                        worker.path("job_id").asString().equals(id))
                                .flatMap(worker ->
                                        ProcessHandle.of(worker.get("pid").longValue()).stream())
                                .filter(ProcessHandle::isAlive)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Has database and store compared, and waits for the report. */
    JsonNode reconcile() {
        String before = get("/api/v1/admin/reconciliation").body();
        post("/api/v1/admin/reconciliation", "");
        return Service.json(Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> get("/api/v1/admin/reconciliation"),
                        answer -> answer.statusCode() == 200 && !answer.body().equals(before)));
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                terminate();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(log);
    }
}
