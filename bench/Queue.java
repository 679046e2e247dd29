import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trivial jobs for many workers: that each is run once, how many a second, and how long one waits for an idle worker.
 *
 * <pre>
 * TRAINYARD_WORKERS_LOCAL=8 java -jar target/trainyard.jar &
 * java bench/Queue.java http://localhost:8080 2000
 * </pre>
 */
public class Queue {

    private static final int SINGLE_JOBS = 50;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final String JOB = """
            {"model": "trivial", "dataset": "iris", "network": {"layers": [{"type": "dense", "units": 3, "activation": "softmax"}]},
             "training": {"epochs": 1, "batch_size": 120}}
            """;

    public static void main(String[] arguments) throws Exception {
        String base = arguments[0];
        int count = Integer.parseInt(arguments[1]);
        end(base, submit(base));

        List<String> ids = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            ids.add(submit(base));
        }
        double queued = (System.nanoTime() - begun) / 1e9;
        int once = 0;
        for (String id : ids) {
            String job = end(base, id);
            once += text(job, "status").equals("SUCCEEDED") && number(job, "attempt") == 1 ? 1 : 0;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d jobs, %d run exactly once; queued in %.1f s, all done in %.1f s: %.1f jobs/s%n",
                count, once, queued, seconds, count / seconds);

        double[] waits = new double[SINGLE_JOBS];
        for (int i = 0; i < SINGLE_JOBS; i++) {
            String job = end(base, submit(base));
            waits[i] = Duration.between(Instant.parse(text(job, "created_at")), Instant.parse(text(job, "started_at")))
                            .toNanos()
                    / 1e6;
        }
        Arrays.sort(waits);
        System.out.printf(
                Locale.ROOT,
                "claim latency of a job that finds idle workers: p50 %.0f ms, p99 %.0f ms%n",
                waits[SINGLE_JOBS / 2], waits[SINGLE_JOBS - 1]);
    }

    private static String submit(String base) throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + "/api/v1/jobs"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JOB))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IllegalStateException(answer.body());
        }
        return text(answer.body(), "id");
    }

    private static String end(String base, String id) throws Exception {
        while (true) {
            String job = CLIENT.send(
                            HttpRequest.newBuilder(URI.create(base + "/api/v1/jobs/" + id)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            if (job.contains("\"finished_at\"")) {
                return job;
            }
            Thread.sleep(20);
        }
    }

    private static String text(String json, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + field + " in " + json);
        }
        return matcher.group(1);
    }

    private static int number(String json, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + field + " in " + json);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
