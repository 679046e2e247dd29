import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mixed load for half an hour: jobs are posted, cancelled and awaited, rows predicted, datasets uploaded and deleted, lists paged
 * through, curves watched; and whether memory, threads, open files and connections are flat at its end.
 *
 * <pre>
 * java -jar target/trainyard.jar &
 * java bench/Soak.java $!                                   # or:
 * java bench/Soak.java 4711,4712,4713 http://localhost:8080 30   # the API process and workers beside its own, minutes
 * </pre>
 */
public class Soak {

    private static final int PREDICTORS = 4;
    private static final Duration SAMPLE = Duration.ofSeconds(10);
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
    private static final Pattern CURSOR = Pattern.compile("\"next_cursor\":\"([^\"]+)\"");
    private static final Pattern STATUS = Pattern.compile("\"status\":\"(SUCCEEDED|FAILED|CANCELLED)\"");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI base;
    private final long end;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();

    /** Of one kind of request: how many, how long since the last sample. */
    private static final class Kind {
        final LongAdder count = new LongAdder();
        final LongAdder surprises = new LongAdder();
        final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    }

    private record Sample(
            long second,
            long apiBytes,
            long heapBytes,
            long workerBytes,
            long threads,
            long files,
            long workerThreads,
            long workerFiles,
            long connections,
            long processes) {}

    private Soak(URI base, long end) {
        this.base = base;
        this.end = end;
    }

    public static void main(String[] arguments) throws Exception {
        List<Long> pids = Arrays.stream(arguments[0].split(",")).map(Long::valueOf).toList();
        URI base = URI.create(arguments.length > 1 ? arguments[1] : "http://localhost:8080");
        long minutes = arguments.length > 2 ? Long.parseLong(arguments[2]) : 30;
        long begun = System.nanoTime();
        new Soak(base, begun + Duration.ofMinutes(minutes).toNanos()).run(pids, begun);
        System.exit(0);
    }

    private void run(List<Long> pids, long begun) throws Exception {
        train("soak", 3).forEach(this::awaitEnd);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PREDICTORS; i++) {
            threads.add(start(() -> predict(new Random(7))));
        }
        threads.add(start(this::trainAndWait));
        threads.add(start(this::trainAndCancel));
        threads.add(start(this::upload));
        threads.add(start(this::list));
        threads.add(start(this::watch));
        threads.add(start(this::predictBatches));
        List<Sample> samples = new ArrayList<>();
        System.out.println("second | API MB | heap MB | workers MB | threads | files | workers' threads | files | connections | processes | requests | surprises");
        while (!isOver()) {
            Thread.sleep(SAMPLE.toMillis());
            Sample sample = sample(pids, begun);
            samples.add(sample);
            System.out.printf(
                    Locale.ROOT,
                    "%d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d%n",
                    sample.second(),
                    sample.apiBytes() >> 20,
                    sample.heapBytes() >> 20,
                    sample.workerBytes() >> 20,
                    sample.threads(),
                    sample.files(),
                    sample.workerThreads(),
                    sample.workerFiles(),
                    sample.connections(),
                    sample.processes(),
                    kinds.values().stream().mapToLong(kind -> kind.count.sum()).sum(),
                    kinds.values().stream().mapToLong(kind -> kind.surprises.sum()).sum());
        }
        for (Thread thread : threads) {
            thread.join(Duration.ofMinutes(2).toMillis());
        }
        report(samples);
    }

    private void report(List<Sample> samples) {
        int fifth = Math.max(1, samples.size() / 5);
        // The first fifth warms up; the second is compared with the last.
        List<Sample> early = samples.subList(Math.min(fifth, samples.size() - 1), Math.min(2 * fifth, samples.size()));
        List<Sample> late = samples.subList(samples.size() - fifth, samples.size());
        System.out.println("\n| median of | second fifth | last fifth | ratio |\n|---|---:|---:|---:|");
        row("API, resident MB", median(early, s -> s.apiBytes() >> 20), median(late, s -> s.apiBytes() >> 20));
        row("API, heap in use MB", median(early, s -> s.heapBytes() >> 20), median(late, s -> s.heapBytes() >> 20));
        row("workers, resident MB", median(early, s -> s.workerBytes() >> 20), median(late, s -> s.workerBytes() >> 20));
        row("API, threads", median(early, Sample::threads), median(late, Sample::threads));
        row("API, open files and sockets", median(early, Sample::files), median(late, Sample::files));
        row("workers, threads", median(early, Sample::workerThreads), median(late, Sample::workerThreads));
        row("workers, open files and sockets", median(early, Sample::workerFiles), median(late, Sample::workerFiles));
        row("API, connections to PostgreSQL", median(early, Sample::connections), median(late, Sample::connections));
        row("worker processes", median(early, Sample::processes), median(late, Sample::processes));
        System.out.println("\n| request | answered | p50 ms | p99 ms | not as it should be |\n|---|---:|---:|---:|---:|");
        new TreeMap<>(kinds).forEach((name, kind) -> {
            long[] nanos = kind.nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.1f | %.1f | %d |%n",
                    name,
                    kind.count.sum(),
                    at(nanos, 0.5) / 1e6,
                    at(nanos, 0.99) / 1e6,
                    kind.surprises.sum());
        });
        surprises.stream().limit(20).forEach(System.out::println);
    }

    private static void row(String what, long early, long late) {
        System.out.printf(Locale.ROOT, "| %s | %d | %d | %.2f |%n", what, early, late, (double) late / Math.max(1, early));
    }

    private static long median(List<Sample> samples, java.util.function.ToLongFunction<Sample> value) {
        long[] sorted = samples.stream().mapToLong(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static long at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
    }

    // What users do

    private void trainAndWait() throws IOException, InterruptedException {
        train("soak", 5).forEach(this::awaitEnd);
        call("job", request("/api/v1/jobs/" + lastJob() + "/metrics"), 200);
        call("job", request("/api/v1/jobs/" + lastJob() + "/log"), 200);
        call("job", request("/api/v1/jobs/" + lastJob() + "/diagnosis"), 200);
    }

    private void trainAndCancel() throws IOException, InterruptedException {
        train("cancelled", 500).forEach(id -> {
            try {
                Thread.sleep(3000);
                call("cancel", request("/api/v1/jobs/" + id + "/cancel").POST(HttpRequest.BodyPublishers.noBody()), 202);
                awaitEnd(id);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(5000);
    }

    private Stream<String> train(String model, int epochs) throws IOException, InterruptedException {
        String job = """
                {"model": "%s", "dataset": "digits", "network": {"layers": [
                  {"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"}, {"type": "flatten"},
                  {"type": "dense", "units": 10, "activation": "softmax"}]},
                 "training": {"epochs": %d, "batch_size": 64, "seed": 7}}""".formatted(model, epochs);
        String made = call("submit", json(request("/api/v1/jobs"), job).header("Idempotency-Key", "soak-" + System.nanoTime()), 202);
        return find(ID, made);
    }

    private String lastJob() throws IOException, InterruptedException {
        return find(ID, call("list", request("/api/v1/jobs?limit=1"), 200)).findFirst().orElseThrow();
    }

    private void awaitEnd(String id) {
        try {
            while (!isOver() && find(STATUS, call("job", request("/api/v1/jobs/" + id), 200)).findAny().isEmpty()) {
                Thread.sleep(200);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void predict(Random random) throws IOException, InterruptedException {
        for (int i = 0; i < 100 && !isOver(); i++) {
            double[] row = random.doubles(64, 0, 16).toArray();
            String body = "{\"model\": \"soak\", \"version\": " + (i % 2 == 0 ? "\"latest\"" : "1") + ", \"instances\": [" + Arrays.toString(row) + "]}";
            call("predict", json(request("/predict"), body), 200);
        }
    }

    private void predictBatches() throws IOException, InterruptedException {
        String made = call("batch", json(request("/api/v1/batch-predictions"), """
                {"model": "soak", "version": 1, "dataset": "digits", "split": "train"}"""), 202);
        String id = find(ID, made).findFirst().orElse("");
        awaitEnd(id);
        if (!isOver()) {
            call("batch", request("/api/v1/batch-predictions/" + id + "/predictions"), 200);
            call("batch", request("/api/v1/batch-predictions/" + id + "/predictions").DELETE(), 204);
        }
        Thread.sleep(5000);
    }

    private void upload() throws IOException, InterruptedException {
        int number = numbers.incrementAndGet();
        StringBuilder csv = new StringBuilder("a,b,kind\n");
        Random random = new Random(number);
        for (int i = 0; i < 5000; i++) {
            csv.append(random.nextDouble()).append(',').append(random.nextInt(9)).append(i % 2 == 0 ? ",x\n" : ",y\n");
        }
        String boundary = "soak" + number;
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"spec\"\r\nContent-Type: application/json\r\n\r\n"
                + "{\"format\": \"csv\", \"label\": \"kind\"}\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"train\"; filename=\"a.csv\"\r\n\r\n" + csv + "\r\n--" + boundary + "--\r\n";
        String made = call(
                "upload",
                request("/api/v1/datasets/soak/versions")
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                201);
        String version = find(VERSION, made).findFirst().orElse("0");
        call("rows", request("/api/v1/datasets/soak/versions/" + version + "/rows?split=train&limit=100"), 200);
        call("delete", request("/api/v1/datasets/soak/versions/" + version).DELETE(), 204);
        Thread.sleep(1000);
    }

    private void list() throws IOException, InterruptedException {
        for (String path : List.of("/api/v1/models", "/api/v1/datasets", "/api/v1/workers", "/actuator/prometheus", "/jobs", "/models/soak")) {
            call("list", request(path), 200);
        }
        String next = "/api/v1/jobs?limit=20";
        for (int page = 0; page < 3 && !next.isEmpty(); page++) {
            next = find(CURSOR, call("list", request(next), 200)).findFirst()
                    .map(cursor -> "/api/v1/jobs?limit=20&cursor=" + cursor).orElse("");
        }
        Thread.sleep(500);
    }

    /** Reads live events for some seconds, then goes away without a word. */
    private void watch() throws IOException, InterruptedException {
        HttpResponse<Stream<String>> events = client.send(
                request("/api/v1/jobs/" + lastJob() + "/events").build(), BodyHandlers.ofLines());
        note("watch", events.statusCode() == 200, "watch: " + events.statusCode(), 0);
        try (Stream<String> lines = events.body()) {
            lines.limit(20).forEach(line -> {});
        }
        Thread.sleep(1000);
    }

    // How it is done

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private Thread start(Work work) {
        Thread thread = new Thread(() -> {
            while (!isOver()) {
                try {
                    work.run();
                } catch (IOException | RuntimeException e) {
                    note("connections", false, e.toString(), 0);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
    }

    private static HttpRequest.Builder json(HttpRequest.Builder request, String body) {
        return request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private String call(String kind, HttpRequest.Builder request, int expected) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        HttpRequest sent = request.build();
        HttpResponse<String> answer = client.send(sent, BodyHandlers.ofString());
        String what = sent.method() + " " + sent.uri().getPath() + ": " + answer.statusCode() + " "
                + answer.body().substring(0, Math.min(200, answer.body().length()));
        note(kind, answer.statusCode() == expected, what, System.nanoTime() - begun);
        return answer.body();
    }

    private void note(String kind, boolean asExpected, String what, long nanos) {
        Kind noted = kinds.computeIfAbsent(kind, name -> new Kind());
        noted.count.increment();
        noted.nanos.add(nanos);
        if (!asExpected) {
            noted.surprises.increment();
            surprises.add(what);
        }
    }

    private static Stream<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Stream.of(matcher.group(1)) : Stream.empty();
    }

    // What the system says

    private Sample sample(List<Long> pids, long begun) throws IOException, InterruptedException {
        String meters = client.send(request("/actuator/prometheus").build(), BodyHandlers.ofString()).body();
        long api = pids.get(0);
        List<Long> workers = Stream.concat(
                        pids.stream().skip(1),
                        ProcessHandle.of(api).orElseThrow().children().map(ProcessHandle::pid))
                .toList();
        return new Sample(
                (System.nanoTime() - begun) / 1_000_000_000L,
                resident(api),
                meter(meters, "jvm_memory_used_bytes{area=\"heap\""),
                workers.stream().mapToLong(Soak::resident).sum(),
                status(api, "Threads"),
                files(api),
                workers.stream().mapToLong(pid -> status(pid, "Threads")).sum(),
                workers.stream().mapToLong(Soak::files).sum(),
                meter(meters, "hikaricp_connections{"),
                workers.size());
    }

    private static long meter(String meters, String prefix) {
        return meters.lines()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static long resident(long pid) {
        return status(pid, "VmRSS") << 10;
    }

    private static long status(long pid, String field) {
        Path file = Path.of("/proc", String.valueOf(pid), "status");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }

    private static long files(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return open.count();
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }
}
