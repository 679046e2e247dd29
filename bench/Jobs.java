import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains one job after another in the same worker: how long from POST to the first iteration, and what the worker's process has of memory
 * after each.
 *
 * <pre>java bench/Jobs.java http://localhost:8080 50 rung-9</pre>
 *
 * <p>Against a running service with one worker and the dataset {@code mnist-digits} or any other that the rung takes: the third and fourth
 * arguments name preset and dataset.
 */
final class Jobs {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final URI base;

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Jobs jobs = new Jobs(URI.create(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        String preset = arguments.length > 2 ? arguments[2] : "rung-9";
        String dataset = arguments.length > 3 ? arguments[3] : "digits";
        List<Double> starts = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starts.add(jobs.train(preset, dataset));
            resident.add(jobs.residentMegabytes());
            System.out.printf("job %d: first iteration after %.3f s, worker %d MB%n", i + 1, starts.get(i), resident.get(i));
        }
        System.out.printf(
                "POST to first iteration: median %.3f s, first %.3f s, longest of the others %.3f s%n",
                median(starts.stream().mapToDouble(Double::doubleValue).toArray()),
                starts.get(0),
                starts.stream().skip(1).mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
        int fifth = Math.max(1, count / 5);
        double second = median(resident.subList(fifth, 2 * fifth).stream().mapToDouble(Long::doubleValue).toArray());
        double last = median(resident.subList(count - fifth, count).stream().mapToDouble(Long::doubleValue).toArray());
        System.out.printf("resident: second fifth %.0f MB, last fifth %.0f MB, ratio %.3f%n", second, last, last / second);
    }

    private Jobs(URI base) {
        this.base = base;
    }

    private double train(String preset, String dataset) throws IOException, InterruptedException {
        long posted = System.nanoTime();
        String accepted = send(HttpRequest.newBuilder(base.resolve("/api/v1/jobs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"jobs\", \"dataset\": \"" + dataset
                        + "\", \"network\": {\"preset\": \"" + preset + "\"}, \"training\": {\"epochs\": 1}}")));
        String id = first("\"id\":\"([^\"]+)\"", accepted);
        double start = Double.NaN;
        while (true) {
            String job = send(HttpRequest.newBuilder(base.resolve("/api/v1/jobs/" + id)));
            Matcher iteration = Pattern.compile("\"iteration\":(\\d+)").matcher(job);
            String status = first("\"status\":\"([A-Z]+)\"", job);
            boolean done = status.equals("SUCCEEDED");
            if (Double.isNaN(start) && (done || (iteration.find() && Integer.parseInt(iteration.group(1)) > 0))) {
                start = (System.nanoTime() - posted) / 1e9;
            }
            if (done) {
                return start;
            }
            if (status.equals("FAILED") || status.equals("CANCELLED")) {
                throw new IllegalStateException(job);
            }
            Thread.sleep(10);
        }
    }

    /** Of the first worker's process. */
    private long residentMegabytes() throws IOException, InterruptedException {
        String workers = send(HttpRequest.newBuilder(base.resolve("/api/v1/workers")));
        long pid = Long.parseLong(first("\"pid\":(\\d+)", workers));
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
