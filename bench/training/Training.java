import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Seconds of an epoch on rungs of the ladder: by our worker, by our engine without the service, by the bare loop of DL4J, by PyTorch and by TensorFlow, in turns; medians, and their
 * ratios to PyTorch's. {@code bench/training/run} compiles and starts it.
 *
 * <pre>bench/training/run --rungs=1,5,9,11 --threads=1,2 --rounds=3 --rows=12800 --epochs=4 --engines=worker,session,dl4j,pytorch,tensorflow</pre>
 *
 * A further engine, {@code onednn}, is what the same steps take as primitives of oneDNN alone.
 *
 * <p>Each engine runs in a process of its own, which ends before the next begins; the worker's service stays, and is idle meanwhile. An epoch is over when its last step is, and for the
 * worker when its metrics are in the database and its checkpoint is on the disk; it validates on 128 rows. The first epoch of each run warms up and does not count.
 */
public class Training {

    private static final Path OUT = Path.of("target/bench-training");
    private static final Path MNIST = Path.of(
            System.getenv().getOrDefault("TRAINYARD_DATASETS_DIR", "../shared/data"), "mnist");
    private static final int HELD_OUT = 128;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern EPOCH = Pattern.compile("epoch \\d+ seconds (\\S+) processor (\\S+) loss (\\S+)");

    private final Map<String, String> options = new LinkedHashMap<>(Map.of(
            "rungs", "1,5,9,11",
            "threads", "1,2",
            "rounds", "3",
            "rows", "12800",
            "epochs", "4",
            "engines", "worker,session,dl4j,pytorch,tensorflow"));

    /** Of an epoch: the clock's seconds, and the processors' of the process that trains. */
    private record Took(double seconds, double processor) {}

    public static void main(String[] arguments) throws Exception {
        new Training(arguments).run();
    }

    private Training(String[] arguments) {
        for (String argument : arguments) {
            String[] option = argument.replaceFirst("^--", "").split("=", 2);
            if (option.length != 2 || options.replace(option[0], option[1]) == null) {
                throw new IllegalArgumentException(argument + ": the options are " + options);
            }
        }
    }

    private List<String> list(String option) {
        return List.of(options.get(option).split(","));
    }

    private int number(String option) {
        return Integer.parseInt(options.get(option));
    }

    private void run() throws Exception {
        System.out.printf(
                "%s rows an epoch, medians of %s rounds of %d epochs, Java %s%n%n",
                options.get("rows"), options.get("rounds"), number("epochs") - 1, Runtime.version().feature());
        System.out.println("| rung | threads | engine | s an epoch | of PyTorch's | processor s | of PyTorch's |");
        System.out.println("|---|---|---|---:|---:|---:|---:|");
        for (String threads : list("threads")) {
            Service service = list("engines").contains("worker") ? new Service(Integer.parseInt(threads)) : null;
            try {
                for (String rung : list("rungs")) {
                    Map<String, List<Took>> all = new LinkedHashMap<>();
                    for (int round = 0; round < number("rounds"); round++) {
                        for (String engine : list("engines")) {
                            Took took = engine.equals("worker") ? service.train(rung) : peer(engine, rung, threads);
                            all.computeIfAbsent(engine, name -> new ArrayList<>()).add(took);
                        }
                    }
                    all.forEach((engine, rounds) -> System.out.printf(
                            Locale.ROOT,
                            "| %s | %s | %s | %.3f | %s | %.3f | %s |%n",
                            rung,
                            threads,
                            engine,
                            median(rounds.stream().mapToDouble(Took::seconds)),
                            ratio(rounds, all.get("pytorch"), Took::seconds),
                            median(rounds.stream().mapToDouble(Took::processor)),
                            ratio(rounds, all.get("pytorch"), Took::processor)));
                }
            } finally {
                if (service != null) {
                    service.close();
                }
            }
        }
    }

    /** The median of the rounds' ratios: what disturbs one disturbs the other. */
    private static String ratio(
            List<Took> ours, List<Took> theirs, java.util.function.ToDoubleFunction<Took> figure) {
        if (theirs == null) {
            return "";
        }
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i));
        }
        return String.format(Locale.ROOT, "%.2f", median(Arrays.stream(ratios)));
    }

    private static double median(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private Took peer(String engine, String rung, String threads) throws IOException, InterruptedException {
        String main = Map.of(
                        "dl4j", "Dl4j", "session", "Session", "pytorch", "PyTorch", "tensorflow", "TensorFlow", "onednn", "OneDnn").get(engine);
        Path log = OUT.resolve(engine + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        java(),
                        "-Xmx2g",
                        "-Dai.djl.offline=true",
                        "-cp",
                        OUT.resolve(engine) + ":" + Files.readString(OUT.resolve(engine + ".classpath")).strip(),
                        main,
                        rung,
                        options.get("rows"),
                        options.get("epochs"),
                        threads,
                        MNIST.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("OMP_NUM_THREADS", threads);
        // As long as our worker's threads spin while they wait; PyTorch's are its own default.
        if (engine.equals("dl4j") || engine.equals("session") || engine.equals("onednn")) {
            builder.environment().put("OMP_WAIT_POLICY", "active");
            builder.environment().put("GOMP_SPINCOUNT", "1000");
        }
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        int status = process.waitFor();
        List<Took> epochs = EPOCH.matcher(Files.readString(log))
                .results()
                .skip(1)
                .map(epoch -> new Took(Double.parseDouble(epoch.group(1)), Double.parseDouble(epoch.group(2))))
                .toList();
        if (status != 0 || epochs.size() != number("epochs") - 1) {
            throw new IllegalStateException(engine + " ended with status " + status + ": " + log);
        }
        return new Took(
                median(epochs.stream().mapToDouble(Took::seconds)), median(epochs.stream().mapToDouble(Took::processor)));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The service as users run it, with one worker. */
    private final class Service {

        private final Process process;
        private final Path data = OUT.resolve("data").toAbsolutePath();
        private final URI base;

        Service(int threads) throws Exception {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            base = URI.create("http://localhost:" + port);
            delete();
            ProcessBuilder builder = new ProcessBuilder(
                            java(),
                            "-jar",
                            "target/trainyard.jar",
                            "--server.port=" + port,
                            "--trainyard.data-dir=" + data,
                            "--trainyard.workers.threads=" + threads)
                    .redirectErrorStream(true)
                    .redirectOutput(OUT.resolve("service.log").toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(OMP|GOMP|SPRING|TRAINYARD)_.*"));
            process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (!isReady()) {
                if (System.nanoTime() - end > 0 || !process.isAlive()) {
                    throw new IllegalStateException("the service does not start: " + OUT.resolve("service.log"));
                }
                Thread.sleep(200);
            }
            upload();
        }

        private boolean isReady() throws InterruptedException {
            try {
                return send(request("/api/v1/workers")).body().contains("\"pid\"");
            } catch (IOException notYet) {
                return false;
            }
        }

        private void upload() throws IOException, InterruptedException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            part(body, "spec", "{\"format\": \"idx\"}".getBytes(StandardCharsets.UTF_8));
            part(body, "train_images", idx("train-images-idx3-ubyte.gz", 0, number("rows"), 28, 28));
            part(body, "train_labels", idx("train-labels-idx1-ubyte.gz", 0, number("rows")));
            part(body, "test_images", idx("t10k-images-idx3-ubyte.gz", 0, HELD_OUT, 28, 28));
            part(body, "test_labels", idx("t10k-labels-idx1-ubyte.gz", 0, HELD_OUT));
            body.write("--bench--\r\n".getBytes(StandardCharsets.UTF_8));
            send(
                    request("/api/v1/datasets/bench/versions")
                            .header("Content-Type", "multipart/form-data; boundary=bench")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())),
                    201);
        }

        private static void part(ByteArrayOutputStream body, String name, byte[] content) throws IOException {
            String type = name.equals("spec") ? "" : "; filename=\"" + name + "\"";
            body.write(("--bench\r\nContent-Disposition: form-data; name=\"" + name + "\"" + type + "\r\nContent-Type: "
                            + (name.equals("spec") ? "application/json" : "application/octet-stream") + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.write(content);
            body.write("\r\n".getBytes(StandardCharsets.UTF_8));
        }

        /** The first rows of a file, as a file of its own. */
        private static byte[] idx(String file, int from, int rows, int... shape) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            int each = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            try (DataInputStream in = new DataInputStream(
                    new GZIPInputStream(Files.newInputStream(MNIST.resolve(file))))) {
                out.writeInt(in.readInt());
                in.readInt();
                out.writeInt(rows);
                for (int dimension : shape) {
                    in.readInt();
                    out.writeInt(dimension);
                }
                out.write(in.readNBytes(rows * each));
            }
            return bytes.toByteArray();
        }

        Took train(String rung) throws IOException, InterruptedException {
            String job = "{\"model\": \"bench\", \"dataset\": \"bench\", \"network\": {\"preset\": \"rung-" + rung
                    + "\"}, \"training\": {\"epochs\": " + number("epochs") + "}}";
            String accepted = send(
                    request("/api/v1/jobs")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(job)),
                    202);
            String id = first("\"id\":\"([^\"]+)\"", accepted);
            long pid = Long.parseLong(first("\"pid\":(\\d+)", send(request("/api/v1/workers"), 200)));
            Duration processor = processor(pid);
            String status;
            do {
                Thread.sleep(500);
                status = first("\"status\":\"([A-Z]+)\"", send(request("/api/v1/jobs/" + id), 200));
            } while (!status.equals("SUCCEEDED") && !status.equals("FAILED"));
            String metrics = send(request("/api/v1/jobs/" + id + "/metrics"), 200);
            List<OffsetDateTime> ends = Pattern.compile("\"at\":\"([^\"]+)\"")
                    .matcher(metrics)
                    .results()
                    .map(end -> OffsetDateTime.parse(end.group(1)))
                    .toList();
            if (ends.size() != number("epochs")) {
                throw new IllegalStateException(status + ": " + metrics);
            }
            double[] seconds = new double[ends.size() - 1];
            for (int i = 0; i < seconds.length; i++) {
                seconds[i] = Duration.between(ends.get(i), ends.get(i + 1)).toNanos() / 1e9;
            }
            // Of all its epochs, the first too.
            return new Took(
                    median(Arrays.stream(seconds)),
                    processor(pid).minus(processor).toNanos() / 1e9 / number("epochs"));
        }

        private static Duration processor(long pid) {
            return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
        }

        private void delete() throws IOException {
            if (Files.exists(data)) {
                try (Stream<Path> files = Files.walk(data)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }

        void close() throws IOException, InterruptedException {
            process.destroy();
            process.waitFor();
            delete();
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(base.resolve(path));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        private String send(HttpRequest.Builder request, int expected) throws IOException, InterruptedException {
            HttpResponse<String> answer = send(request);
            if (answer.statusCode() != expected) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        }
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
