import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a process takes from its start until it is of use: an API process until its readiness is 200, a worker until it is in
 * the list of workers. As a jar, installed without the archive of classes, installed, and with an AOT cache where Java has them.
 *
 * <pre>java bench/Startup.java ROUNDS JAR FOLDER...</pre>
 *
 * Each folder was made of the jar by ./install, with the Java that is to be measured. The ways take turns in each round; the
 * medians count. Processor seconds are told besides, since others on the machine disturb them less.
 */
public class Startup {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final List<String> UNDISTURBED = List.of("--trainyard.workers.local=0");

    private record Way(String java, String name, List<String> command) {}

    private interface Measurement {
        Start of(Way way) throws Exception;
    }

    private record Start(double seconds, double processor) {}

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        String jar = Path.of(args[1]).toAbsolutePath().toString();
        Path scratch = Files.createTempDirectory("startup");
        List<Way> ways = new ArrayList<>();
        for (String folder : List.of(args).subList(2, args.length)) {
            ways.addAll(ways(jar, Path.of(folder).toAbsolutePath(), scratch));
        }
        int port = freePort();
        Path log = scratch.resolve("log");
        Path data = scratch.resolve("database");
        Process host = start(ways.get(0).command(), UNDISTURBED, port, data, Map.of(), scratch.resolve("host.log"));
        try {
            await(host, () -> get(port, "/actuator/health/readiness") != null, scratch.resolve("host.log"));
            Map<String, String> database = database(data);
            Path own = scratch.resolve("own");
            measure("API", rounds, ways, way -> {
                int free = freePort();
                Process api = start(way.command(), UNDISTURBED, free, own, database, log);
                return time(api, () -> get(free, "/actuator/health/readiness") != null, log);
            });
            measure("worker", rounds, ways, way -> {
                Process worker = start(way.command(), List.of("--trainyard.role=worker"), port, own, database, log);
                String pid = "\"pid\":" + worker.pid() + ",";
                return time(
                        worker,
                        () -> {
                            String workers = get(port, "/api/v1/workers");
                            return workers != null && workers.contains(pid);
                        },
                        log);
            });
            measure("API with its PostgreSQL", rounds, ways, way -> {
                int free = freePort();
                Process api = start(way.command(), UNDISTURBED, free, scratch.resolve("embedded"), Map.of(), log);
                return time(api, () -> get(free, "/actuator/health/readiness") != null, log);
            });
        } finally {
            end(host);
        }
    }

    /** One round more than counts: the first warms the system's caches. */
    private static void measure(String what, int rounds, List<Way> ways, Measurement measurement) throws Exception {
        Map<Way, List<Start>> starts = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Way way : ways) {
                Start start = measurement.of(way);
                System.err.printf(Locale.ROOT, "%s %s %s: %s%n", what, way.java(), way.name(), start);
                List<Start> counted = starts.computeIfAbsent(way, first -> new ArrayList<>());
                if (round > 0) {
                    counted.add(start);
                }
            }
        }
        print(what, starts);
    }

    private static List<Way> ways(String jar, Path folder, Path scratch) throws Exception {
        Matcher found = Pattern.compile("exec '([^']+)'").matcher(Files.readString(folder.resolve("trainyard")));
        if (!found.find()) {
            throw new IllegalArgumentException(folder + " was not made by ./install");
        }
        String java = found.group(1);
        String version = version(java);
        String app = folder.resolve("trainyard.jar").toString();
        List<String> options = Files.readAllLines(folder.resolve("java.options"));
        List<String> withoutArchive =
                options.stream().filter(option -> !option.startsWith("-XX:SharedArchiveFile=")).toList();
        List<Way> ways = new ArrayList<>();
        ways.add(new Way(version, "jar", List.of(java, "-Djdk.serialFilter=!*", "-jar", jar)));
        ways.add(new Way(version, "unpacked", command(java, withoutArchive, app)));
        ways.add(new Way(version, "installed", command(java, options, app)));
        if (Integer.parseInt(version) >= 25) {
            Path cache = scratch.resolve("api-" + version + ".aot");
            List<String> training = new ArrayList<>(withoutArchive);
            training.add("-XX:AOTCacheOutput=" + cache);
            List<String> demonstration = command(java, training, app);
            demonstration.addAll(List.of("quickstart", "--exit"));
            Process trained =
                    start(demonstration, List.of(), freePort(), scratch.resolve("trained"), Map.of(), scratch.resolve("log"));
            if (trained.waitFor() != 0 || !Files.exists(cache)) {
                throw new IOException("no AOT cache was made: " + Files.readString(scratch.resolve("log")));
            }
            List<String> cached = new ArrayList<>(withoutArchive);
            cached.add("-XX:AOTCache=" + cache);
            ways.add(new Way(version, "AOT cache", command(java, cached, app)));
        }
        return ways;
    }

    private static List<String> command(String java, List<String> options, String app) {
        List<String> command = new ArrayList<>(List.of(java, "-Djdk.serialFilter=!*"));
        command.addAll(options);
        command.addAll(List.of("-jar", app));
        return command;
    }

    private static String version(String java) throws Exception {
        Process process = new ProcessBuilder(java, "-version").redirectErrorStream(true).start();
        Matcher found = Pattern.compile("version \"(\\d+)").matcher(new String(process.getInputStream().readAllBytes()));
        if (!found.find()) {
            throw new IllegalArgumentException(java + " says no version");
        }
        return found.group(1);
    }

    /** The embedded PostgreSQL of the first process is an external one for the others. */
    private static Map<String, String> database(Path data) throws IOException {
        String port = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
        return Map.of(
                "SPRING_DATASOURCE_URL", "jdbc:postgresql://localhost:" + port + "/postgres",
                "SPRING_DATASOURCE_USERNAME", "trainyard",
                "SPRING_DATASOURCE_PASSWORD_FILE", data.resolve("trainyard.password").toString(),
                "SPRING_FLYWAY_USER", "postgres",
                "SPRING_FLYWAY_PASSWORD_FILE", data.resolve("postgres.password").toString());
    }

    private static Process start(
            List<String> command, List<String> arguments, int port, Path data, Map<String, String> variables, Path log)
            throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("TRAINYARD_DATA_DIR", data.toString());
        builder.environment().put("SERVER_PORT", String.valueOf(port));
        return builder.start();
    }

    /** Waits until it is of use, and ends it. */
    private static Start time(Process process, BooleanSupplier useful, Path log) throws Exception {
        long begun = System.nanoTime();
        try {
            await(process, useful, log);
            double seconds = (System.nanoTime() - begun) / 1e9;
            Duration processor = process.info().totalCpuDuration().orElseThrow();
            return new Start(seconds, processor.toMillis() / 1e3);
        } finally {
            end(process);
        }
    }

    private static void await(Process process, BooleanSupplier useful, Path log) throws Exception {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!useful.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                end(process);
                throw new IOException("it did not start: " + Files.readString(log));
            }
            Thread.sleep(5);
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** Returns the body of an answer with 200; null of all others. */
    private static String get(int port, String path) {
        try {
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException notYet) {
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void print(String what, Map<Way, List<Start>> starts) {
        System.out.printf("%n| %s | seconds | of the jar | processor seconds | of the jar |%n", what);
        System.out.println("|---|---|---|---|---|");
        double seconds = 0;
        double processor = 0;
        for (Map.Entry<Way, List<Start>> entry : starts.entrySet()) {
            double ownSeconds = median(entry.getValue().stream().map(Start::seconds).toList());
            double ownProcessor = median(entry.getValue().stream().map(Start::processor).toList());
            if (entry.getKey().name().equals("jar")) {
                seconds = ownSeconds;
                processor = ownProcessor;
            }
            System.out.printf(
                    Locale.ROOT,
                    "| Java %s, %s | %.1f | %.0f%% | %.1f | %.0f%% |%n",
                    entry.getKey().java(),
                    entry.getKey().name(),
                    ownSeconds,
                    100 * ownSeconds / seconds,
                    ownProcessor,
                    100 * ownProcessor / processor);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
