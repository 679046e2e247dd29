package io.trainyard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole service, as users run it, for tests: its HTTP port, its embedded PostgreSQL, one worker process. There is one for
 * all test classes of a run, and a class may have one of its own; each on a data directory of its own.
 */
public final class Service implements AutoCloseable {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration JOB_WAIT = Duration.ofMinutes(5);
    private static @Nullable Service shared;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;
    private final Path data;
    private final URI base;

    private Service(ConfigurableApplicationContext context, Path data) {
        this.context = context;
        this.data = data;
        this.base = URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port"));
    }

    /** The one that the classes of this run share. */
    public static synchronized Service shared() {
        if (shared == null) {
            Service started = start(
                    "--trainyard.imports.max-file-size=1MB",
                    "--trainyard.uploads.max-size=950MB",
                    "--spring.grpc.server.enabled=true",
                    "--spring.grpc.server.port=0",
                    // A little less than the digits take: their jobs are shuffled through a buffer.
                    "--trainyard.training.shuffle-memory=90KB",
                    "--trainyard.serving.target-p99-of.adaptive=10s");
            // Spring ends it with the JVM; this runs after that.
            SpringApplication.getShutdownHandlers().add(() -> deleteQuietly(started.data));
            shared = started;
        }
        return shared;
    }

    /** One that nobody else has used. The caller closes it. */
    public static Service start(String... arguments) {
        try {
            Path data = Files.createTempDirectory("trainyard-test");
            List<String> all = new ArrayList<>(List.of(
                    "--server.port=0",
                    "--trainyard.data-dir=" + data,
                    // A machine whose disk is busy keeps a worker from renewing its lease for seconds; one that is
                    // lost here has been killed.
                    "--trainyard.training.heartbeat-interval=1s",
                    "--trainyard.training.missed-heartbeats=12"));
            all.addAll(List.of(arguments));
            return new Service(SpringApplication.run(TrainyardApplication.class, all.toArray(String[]::new)), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        deleteQuietly(data);
    }

    private static void deleteQuietly(Path data) {
        try {
            FileSystemUtils.deleteRecursively(data);
        } catch (IOException e) {
            System.err.println(data + " is left behind: " + e);
        }
    }

    /** A bean of the API process. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A setting, as it has come to be. */
    public String setting(String name) {
        return String.valueOf(context.getEnvironment().getProperty(name));
    }

    public URI uri(String path) {
        return base.resolve(path);
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    /** Posts JSON; {@code headers} are names and values in turn. */
    public HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    /** Submits a job that must be accepted; returns its id. */
    public String submit(String job) {
        HttpResponse<String> response = post("/api/v1/jobs", job);
        if (response.statusCode() != 202) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return json(response).get("id").stringValue();
    }

    public JsonNode job(String id) {
        return json(get("/api/v1/jobs/" + id));
    }

    /** Waits until a job has one of the statuses; returns it. */
    public JsonNode await(String id, String... statuses) {
        return Awaitility.await()
                .atMost(JOB_WAIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> job(id), job -> List.of(statuses)
                        .contains(job.get("status").stringValue()));
    }

    /** A small job on iris that learns in a second. */
    public static String irisJob(String model, int epochs) {
        return """
                {"model": "%s", "dataset": "iris",
                 "network": {"layers": [{"type": "dense", "units": 16, "activation": "relu"},
                                        {"type": "dense", "units": 3, "activation": "softmax"}]},
                 "training": {"epochs": %d, "batch_size": 16, "seed": 7,
                              "optimizer": {"type": "adam", "learning_rate": 0.02}}}
                """.formatted(model, epochs);
    }
}
