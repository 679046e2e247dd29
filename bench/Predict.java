import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Single rows to /predict by one client and by many: requests/s, p50, p99, and the ratio of the two. */
public class Predict {

    public static void main(String[] arguments) throws Exception {
        String base = arguments.length > 0 ? arguments[0] : "http://localhost:8080";
        String model = arguments.length > 1 ? arguments[1] : "digits";
        int clients = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 16;
        int seconds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10;
        HttpClient http = HttpClient.newHttpClient();
        String rows = http.send(
                        HttpRequest.newBuilder(URI.create(
                                        base + "/api/v1/datasets/" + model + "/versions/1/rows?split=test&limit=1"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher instance = Pattern.compile("\"instance\":(\\[[^\\]]*\\]|\\{[^}]*\\})").matcher(rows);
        if (!instance.find()) {
            throw new IllegalStateException("no row of dataset '" + model + "': " + rows);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/predict"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"" + model + "\",\"instances\":[" + instance.group(1) + "]}"))
                .build();
        HttpResponse<String> first = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (first.statusCode() != 200) {
            System.err.println(first.body());
            System.exit(1);
        }
        run(request, 1, 3);
        System.out.printf("%-10s %12s %10s %10s%n", "clients", "requests/s", "p50 ms", "p99 ms");
        double one = run(request, 1, seconds);
        double many = run(request, clients, seconds);
        System.out.printf("%d clients against 1: %.2f times the throughput%n", clients, many / one);
    }

    private static double run(HttpRequest request, int clients, int seconds) throws InterruptedException {
        ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(clients);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; i < clients; i++) {
            new Thread(() -> {
                        HttpClient client = HttpClient.newHttpClient();
                        try {
                            while (System.nanoTime() < end) {
                                long begun = System.nanoTime();
                                HttpResponse<String> response =
                                        client.send(request, HttpResponse.BodyHandlers.ofString());
                                if (response.statusCode() != 200) {
                                    throw new IllegalStateException(response.statusCode() + " " + response.body());
                                }
                                nanos.add(System.nanoTime() - begun);
                            }
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        double perSecond = (double) sorted.length / seconds;
        System.out.printf(
                "%-10d %12.0f %10.2f %10.2f%n",
                clients, perSecond, sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6);
        return perSecond;
    }
}
