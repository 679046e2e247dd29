import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long lists take when they are long. Queues jobs until so many wait, then asks for pages of them.
 *
 * <pre>
 * TRAINYARD_WORKERS_LOCAL=0 java -jar target/trainyard.jar &
 * java bench/Lists.java http://localhost:8080 10000
 * java bench/Lists.java http://localhost:8080 0 JOB        # the curves of a job
 * </pre>
 */
public class Lists {

    private static final int REQUESTS = 300;
    private static final int WARM_UP = 100;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final String JOB = """
            {"model": "queued", "dataset": "iris", "network": {"layers": [{"type": "dense", "units": 3, "activation": "softmax"}]},
             "training": {"epochs": 1}, "labels": {"owner": "owner-%d"}}
            """;

    public static void main(String[] arguments) throws Exception {
        String base = arguments[0];
        int queued = Integer.parseInt(arguments[1]);
        long[] submits = new long[queued];
        for (int i = 0; i < queued; i++) {
            long begun = System.nanoTime();
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(base + "/api/v1/jobs"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(JOB.formatted(i % 20)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            submits[i] = System.nanoTime() - begun;
            if (answer.statusCode() != 202) {
                throw new IllegalStateException(answer.body());
            }
        }
        System.out.println("| call | p50 ms | p99 ms | bytes |");
        System.out.println("|---|---:|---:|---:|");
        if (queued > 0) {
            print("POST /api/v1/jobs", submits, 0);
            measure(base, "/api/v1/jobs");
            measure(base, "/api/v1/jobs?limit=500");
            measure(base, "/api/v1/jobs?status=QUEUED&label=owner=owner-7");
        }
        if (arguments.length > 2) {
            measure(base, "/api/v1/jobs/" + arguments[2] + "/metrics");
            measure(base, "/api/v1/jobs/" + arguments[2] + "/metrics?cursor=90000");
            measure(base, "/api/v1/jobs/" + arguments[2] + "/metrics?cursor=50000&limit=10000");
        }
    }

    private static void measure(String base, String path) throws Exception {
        long[] nanos = new long[REQUESTS];
        int bytes = 0;
        for (int i = -WARM_UP; i < REQUESTS; i++) {
            long begun = System.nanoTime();
            HttpResponse<byte[]> answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(new String(answer.body()));
            }
            bytes = answer.body().length;
            if (i >= 0) {
                nanos[i] = System.nanoTime() - begun;
            }
        }
        print("GET " + path.replaceAll("[0-9a-f-]{36}", "{id}"), nanos, bytes);
    }

    private static void print(String call, long[] nanos, int bytes) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| `%s` | %.1f | %.1f | %d |%n",
                call,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) Math.ceil(nanos.length * 0.99) - 1] / 1e6,
                bytes);
    }
}
