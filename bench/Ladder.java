import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Posts every rung of the ladder as a job on MNIST, one after another, and prints what came of it as a Markdown table.
 *
 * <pre>java bench/Ladder.java http://localhost:8080 > docs/ladder.md</pre>
 */
public class Ladder {

    private static final int RUNGS = 11;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI service;

    Ladder(URI service) {
        this.service = service;
    }

    public static void main(String[] arguments) throws Exception {
        Ladder ladder = new Ladder(URI.create(arguments.length > 0 ? arguments[0] : "http://localhost:8080"));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ladder.header(out);
        for (int rung = 1; rung <= RUNGS; rung++) {
            out.println(ladder.run("rung-" + rung));
        }
    }

    private void header(PrintStream out) throws Exception {
        String device = get("/api/v1/devices");
        out.println("# The ladder, as it was run");
        out.println();
        out.println("Each rung is a preset, posted as `{\"model\": \"ladder\", \"dataset\": \"mnist\", \"network\":"
                + " {\"preset\": \"rung-…\"}}`: ten epochs, the preset's seed, the 10,000 test images held out. Made by");
        out.println("`java bench/Ladder.java` on " + LocalDate.now() + ", one worker on " + text(device, "name") + ", "
                + number(device, "threads") + " threads.");
        out.println();
        out.println("| rung | network | parameters | val_accuracy at the end | best val_accuracy | train_loss at the end"
                + " | val_loss at the end | its minimum | s an epoch |");
        out.println("|---|---|---:|---:|---:|---:|---:|---:|---:|");
    }

    private String run(String preset) throws Exception {
        String job = "{\"model\": \"ladder\", \"dataset\": \"mnist\", \"network\": {\"preset\": \"" + preset + "\"}}";
        String parameters = number(post("/api/v1/jobs/validate", job), "total_parameters");
        String id = text(post("/api/v1/jobs", job), "id");
        String view;
        do {
            Thread.sleep(1000);
            view = get("/api/v1/jobs/" + id);
        } while (!view.contains("\"status\":\"SUCCEEDED\",\"spec\"") && !view.contains("\"status\":\"FAILED\""));
        if (view.contains("\"status\":\"FAILED\"")) {
            return "| " + preset + " | failed: " + text(view, "status_reason") + " |";
        }
        String metrics = get("/api/v1/jobs/" + id + "/metrics");
        double[] accuracy = curve(metrics, "val_accuracy");
        double[] valLoss = curve(metrics, "val_loss");
        double[] trainLoss = curve(metrics, "train_loss");
        double[] seconds = curve(metrics, "duration_seconds");
        double lowest = Arrays.stream(valLoss).min().orElseThrow();
        int epochOfLowest = 1;
        while (valLoss[epochOfLowest - 1] != lowest) {
            epochOfLowest++;
        }
        Arrays.sort(seconds);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,d | **%.2f%%** | %.2f%% | %.4f | %.4f | %.4f in epoch %d | %.1f |",
                preset.substring("rung-".length()),
                title(preset),
                Long.parseLong(parameters),
                100 * accuracy[accuracy.length - 1],
                100 * Arrays.stream(accuracy).max().orElseThrow(),
                trainLoss[trainLoss.length - 1],
                valLoss[valLoss.length - 1],
                lowest,
                epochOfLowest,
                seconds[seconds.length / 2]);
    }

    private String title(String preset) throws Exception {
        String presets = get("/api/v1/presets");
        return text(presets.substring(presets.indexOf("\"" + preset + "\"")), "title");
    }

    private String get(String path) throws Exception {
        return send(HttpRequest.newBuilder(service.resolve(path)));
    }

    private String post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(service.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /** The value of a field in each epoch; the epochs are flat objects. */
    private static double[] curve(String metrics, String field) {
        return Pattern.compile("\"" + field + "\":([-0-9.eE]+)")
                .matcher(metrics)
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .toArray();
    }

    private static String text(String json, String field) {
        return first(json, "\"" + field + "\":\"([^\"]*)\"");
    }

    private static String number(String json, String field) {
        return first(json, "\"" + field + "\":([-0-9.eE]+)");
    }

    private static String first(String json, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + json);
        }
        return matcher.group(1);
    }
}
