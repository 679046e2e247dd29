import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Zero mix-ups: many predictions over four models, each with four versions whose answers differ, while aliases move, versions
 * are loaded and unloaded, and rollouts begin, shadow, answer and end behind another alias. Each answer is checked against the version that it names; any request that fails, and
 * any answer that is another version's or another row's, ends the run.
 *
 * <pre>java bench/serving/MixUps.java http://localhost:8080 1000000 16</pre>
 */
public class MixUps {

    private static final int MODELS = 4;
    private static final int VERSIONS = 4;
    private static final int ROWS = 64;
    private static final int ROWS_A_REQUEST = 16;
    private static final float TOLERANCE = 1e-5f;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final float[][] rows = new float[ROWS][4];
    /** [model][version] → probabilities of all rows. */
    private final Map<String, float[][]> expected = new ConcurrentHashMap<>();

    MixUps(String base) {
        this.base = base;
    }

    public static void main(String[] arguments) throws Exception {
        String base = arguments.length > 0 ? arguments[0] : "http://localhost:8080";
        long predictions = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000_000;
        int clients = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 16;
        new MixUps(base).run(predictions, clients);
    }

    private void run(long predictions, int clients) throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextDouble(0, 8);
            }
        }
        for (int model = 1; model <= MODELS; model++) {
            train("mix-" + model, model);
            alias("mix-" + model, "production", 1);
            restart("mix-" + model, 1);
        }
        checkThatTheyDiffer();
        AtomicLong left = new AtomicLong(predictions);
        AtomicLong swaps = new AtomicLong();
        AtomicLong unloads = new AtomicLong();
        AtomicLong rollouts = new AtomicLong();
        AtomicReference<Throwable> fault = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(clients);
        long begun = System.nanoTime();
        for (int client = 0; client < clients; client++) {
            SplittableRandom own = random.split();
            new Thread(() -> {
                        try {
                            while (left.addAndGet(-ROWS_A_REQUEST) > -ROWS_A_REQUEST && fault.get() == null) {
                                predict(own);
                            }
                        } catch (Throwable failure) {
                            fault.compareAndSet(null, failure);
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        SplittableRandom mover = random.split();
        while (done.getCount() > 0 && fault.get() == null) {
            String model = "mix-" + (1 + mover.nextInt(MODELS));
            int version = 1 + mover.nextInt(VERSIONS);
            alias(model, "production", version);
            String now = send("POST", "/predict", request(model, "\"production\"", List.of(0)), 200);
            if (!now.contains("\"version\":" + version + ",")) {
                throw new IllegalStateException(model + " was moved to " + version + ", but " + now);
            }
            swaps.incrementAndGet();
            if (mover.nextInt(4) == 0) {
                rollout(model, 1 + mover.nextInt(VERSIONS), 1 + mover.nextInt(VERSIONS - 1), mover.nextInt(3));
                rollouts.incrementAndGet();
            }
            if (mover.nextInt(4) == 0) {
                unloads.incrementAndGet();
                send("POST", "/api/v1/models/" + model + "/versions/" + version + "/unload", "", 204);
            }
        }
        done.await();
        if (fault.get() != null) {
            throw new IllegalStateException(fault.get());
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "%,d predictions over %d versions of %d models by %d clients, %,d alias moves, %,d rollouts and %,d unloads meanwhile: no"
                        + " request failed, no answer was another's. %.0f s, %,.0f predictions/s%n",
                predictions,
                MODELS * VERSIONS,
                MODELS,
                clients,
                swaps.get(),
                rollouts.get(),
                unloads.get(),
                seconds,
                predictions / seconds);
    }

    /** Publishes versions that were trained for different times from different seeds. */
    private void train(String model, int seed) throws Exception {
        List<String> jobs = new ArrayList<>();
        String known = http.send(
                        HttpRequest.newBuilder(URI.create(base + "/v1/models/" + model)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        for (int version = 1; version <= VERSIONS && !known.contains("AVAILABLE"); version++) {
            String job = """
                    {"model": "%s", "dataset": "iris", "training": {"epochs": %d, "batch_size": 16, "seed": %d},
                     "network": {"layers": [{"type": "dense", "units": 16, "activation": "relu"},
                                            {"type": "batch_normalization"},
                                            {"type": "dense", "units": 3, "activation": "softmax"}]}}"""
                    .formatted(model, version, 10 * seed + version);
            jobs.add(find("\"id\":\"([^\"]+)\"", send("POST", "/api/v1/jobs", job, 202)));
        }
        for (String job : jobs) {
            while (!send("GET", "/api/v1/jobs/" + job, "", 200).contains("\"status\":\"SUCCEEDED\",\"spec\"")) {
                Thread.sleep(100);
            }
        }
        for (int version = 1; version <= VERSIONS; version++) {
            float[][] answers = new float[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                answers[row] = probabilities(
                        send("POST", "/predict", request(model, String.valueOf(version), List.of(row)), 200)).get(0);
            }
            expected.put(model + "/" + version, answers);
        }
    }

    private void checkThatTheyDiffer() {
        List<String> versions = List.copyOf(expected.keySet());
        for (int row = 0; row < ROWS; row++) {
            for (String one : versions) {
                for (String other : versions) {
                    if (!one.equals(other) && same(expected.get(one)[row], expected.get(other)[row])) {
                        throw new IllegalStateException(one + " and " + other + " say the same of row " + row);
                    }
                }
            }
        }
    }

    private void predict(SplittableRandom random) throws Exception {
        String model = "mix-" + (1 + random.nextInt(MODELS));
        List<Integer> chosen = random.ints(ROWS_A_REQUEST, 0, ROWS).boxed().toList();
        if (random.nextBoolean()) {
            String choice = switch (random.nextInt(3)) {
                case 0 -> String.valueOf(1 + random.nextInt(VERSIONS));
                case 1 -> "\"production\"";
                default -> "\"rolling\"";
            };
            String answer = send("POST", "/predict", request(model, choice, chosen), 200);
            check(model, find("\"version\":(\\d+)", answer), chosen, probabilities(answer));
        } else {
            infer(model, random.nextBoolean() ? "production" : "rolling", chosen);
        }
    }

    /** Ends the rollout before, and begins one of another version, as shadow or as canary; one in three is promoted. */
    private void rollout(String model, int version, int distance, int kind) throws Exception {
        restart(model, version);
        String path = "/api/v1/models/" + model + "/aliases/rolling/rollout";
        int candidate = 1 + (version - 1 + distance) % VERSIONS;
        String mode = kind == 0 ? "\"shadow\"" : "\"canary\", \"weight\": 0.5";
        send("PUT", path, "{\"candidate\": " + candidate + ", \"mode\": " + mode + "}", 200);
        if (kind == 2) {
            send("POST", path + "/promote", "", 200);
        }
    }

    private void restart(String model, int version) throws Exception {
        HttpRequest end = HttpRequest.newBuilder(
                        URI.create(base + "/api/v1/models/" + model + "/aliases/rolling/rollout"))
                .DELETE()
                .build();
        http.send(end, HttpResponse.BodyHandlers.discarding());
        alias(model, "rolling", version);
    }

    /** In bytes by the Open Inference Protocol. */
    private void infer(String model, String alias, List<Integer> chosen) throws Exception {
        byte[] header = """
                {"inputs":[{"name":"input","datatype":"FP32","shape":[%d,4],"parameters":{"binary_data_size":%d}}],
                 "parameters":{"binary_data_output":true}}"""
                .formatted(chosen.size(), 16 * chosen.size())
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(header.length + 16 * chosen.size()).order(ByteOrder.LITTLE_ENDIAN);
        body.put(header);
        for (int row : chosen) {
            for (float value : rows[row]) {
                body.putFloat(value);
            }
        }
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(URI.create(base + "/v2/models/" + model + "/versions/" + alias + "/infer"))
                        .header("Inference-Header-Content-Length", String.valueOf(header.length))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        String text = new String(answer.body(), StandardCharsets.ISO_8859_1);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + text);
        }
        int length = Integer.parseInt(
                answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        ByteBuffer values = ByteBuffer.wrap(answer.body(), length, answer.body().length - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        List<float[]> given = new ArrayList<>();
        while (values.hasRemaining()) {
            given.add(new float[] {values.getFloat(), values.getFloat(), values.getFloat()});
        }
        check(model, find("\"model_version\":\"(\\d+)\"", text), chosen, given);
    }

    private void check(String model, String version, List<Integer> chosen, List<float[]> given) {
        float[][] right = expected.get(model + "/" + version);
        if (right == null || given.size() != chosen.size()) {
            throw new IllegalStateException(model + "/" + version + " gave " + given.size() + " answers");
        }
        for (int i = 0; i < chosen.size(); i++) {
            if (!same(given.get(i), right[chosen.get(i)])) {
                throw new IllegalStateException("mixed up: " + model + "/" + version + " said "
                        + Arrays.toString(given.get(i)) + " of a row of which it says "
                        + Arrays.toString(right[chosen.get(i)]));
            }
        }
    }

    private static boolean same(float[] one, float[] other) {
        for (int i = 0; i < one.length; i++) {
            if (Math.abs(one[i] - other[i]) > TOLERANCE) {
                return false;
            }
        }
        return true;
    }

    private String request(String model, String version, List<Integer> chosen) {
        return "{\"model\":\"" + model + "\",\"version\":" + version + ",\"instances\":"
                + chosen.stream().map(row -> Arrays.toString(rows[row])).toList() + "}";
    }

    private static List<float[]> probabilities(String answer) {
        List<float[]> all = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"probabilities\":\\[([^\\]]+)\\]").matcher(answer);
        while (matcher.find()) {
            String[] texts = matcher.group(1).split(",");
            float[] values = new float[texts.length];
            for (int i = 0; i < texts.length; i++) {
                values[i] = Float.parseFloat(texts[i]);
            }
            all.add(values);
        }
        return all;
    }

    private void alias(String model, String alias, int version) throws Exception {
        send("PUT", "/api/v1/models/" + model + "/aliases/" + alias, "{\"version\": " + version + "}", 200);
    }

    private String send(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
