package io.trainyard.quickstart;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demonstration: posts a job, draws its progress, predicts held-out digits with the version that came out. All of it
 * by the HTTP calls that any client would make.
 */
public final class Quickstart {

    private static final long POLL_MILLIS = 200;
    private static final int BAR_WIDTH = 24;
    private static final int SHOWN_DIGITS = 6;
    private static final String SHADES = " .:-=+*#%@";

    private final HttpApi api;
    private final Example example;
    private final PrintStream out;
    private final boolean terminal;

    /**
     * @param baseUrl of the service, such as {@code http://localhost:8080}
     * @param dataset {@code digits} or {@code mnist}
     * @param terminal whether a line that was drawn can be drawn over
     * @throws IllegalArgumentException when there is no demonstration for the dataset
     */
    public Quickstart(String baseUrl, String dataset, PrintStream out, boolean terminal) {
        this.api = new HttpApi(baseUrl, JsonMapper.builder().build());
        this.example = Example.of(dataset);
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Runs the demonstration.
     *
     * @return whether the job succeeded
     */
    public boolean run() throws IOException, InterruptedException {
        out.printf("%nPOST /api/v1/jobs   a network for '%s'%n", example.dataset());
        JsonNode job = api.post("/api/v1/jobs", example.job());
        String id = job.get("id").stringValue();
        out.printf("202 Accepted        job %s%n", id);
        out.printf("watch it at         %s%n%n", api.url("/jobs/" + id));
        JsonNode ended = follow(id);
        if (!ended.get("status").stringValue().equals("SUCCEEDED")) {
            out.printf("%nThe job ended as %s: %s%n", ended.get("status"), ended.path("status_reason"));
            return false;
        }
        JsonNode result = ended.get("result");
        out.printf(
                Locale.ROOT,
                "%nPublished as model '%s' version %d: %.2f%% of the held-out digits are right.%n",
                result.get("model").stringValue(),
                result.get("version").intValue(),
                100 * result.get("metrics").get("val_accuracy").doubleValue());
        predict(result);
        links(id, result);
        return true;
    }

    /** Draws a line for each epoch until the job has ended; returns the job. */
    private JsonNode follow(String id) throws IOException, InterruptedException {
        int drawn = 0;
        while (true) {
            JsonNode job = api.get("/api/v1/jobs/" + id);
            JsonNode progress = job.get("progress");
            JsonNode epochs = api.get("/api/v1/jobs/" + id + "/metrics").get("epochs");
            for (; drawn < epochs.size(); drawn++) {
                drawEpoch(epochs.get(drawn), progress.get("epochs").intValue());
            }
            boolean running = job.get("finished_at") == null;
            if (!running
                    && drawn
                            == api.get("/api/v1/jobs/" + id + "/metrics")
                                    .get("epochs")
                                    .size()) {
                return job;
            }
            if (running && terminal) {
                drawProgress(job, progress);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private void drawEpoch(JsonNode epoch, int epochs) {
        int number = epoch.get("epoch").intValue();
        out.printf(
                Locale.ROOT,
                "%sepoch %2d/%d %s  loss %.4f  accuracy %.4f  val_loss %.4f  val_accuracy %.4f  %5.1f s%n",
                terminal ? "\r" : "",
                number,
                epochs,
                bar((double) number / epochs),
                epoch.path("train_loss").doubleValue(Double.NaN),
                epoch.get("train_accuracy").doubleValue(),
                epoch.path("val_loss").doubleValue(Double.NaN),
                epoch.path("val_accuracy").doubleValue(Double.NaN),
                epoch.get("duration_seconds").doubleValue());
        out.flush();
    }

    private void drawProgress(JsonNode job, JsonNode progress) {
        double percent = progress.get("percent").doubleValue();
        out.printf(
                Locale.ROOT,
                "\r%s %s %5.1f%%   ",
                job.get("status").stringValue().toLowerCase(Locale.ROOT),
                bar(percent / 100),
                percent);
        out.flush();
    }

    private static String bar(double share) {
        int full = (int) Math.round(share * BAR_WIDTH);
        return "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "]";
    }

    private void predict(JsonNode result) throws IOException, InterruptedException {
        JsonNode rows =
                api.get("/api/v1/datasets/" + example.dataset() + "/versions/1/rows?split=test&limit=" + SHOWN_DIGITS);
        JsonNode items = rows.get("items");
        StringBuilder instances = new StringBuilder();
        for (JsonNode row : items) {
            instances.append(instances.isEmpty() ? "" : ",").append(row.get("instance"));
        }
        out.printf("%nPOST /predict       %d held-out digits%n%n", items.size());
        JsonNode answer = api.post("/predict", """
                {"model": "%s", "version": %d, "instances": [%s]}""".formatted(
                        result.get("model").stringValue(), result.get("version").intValue(), instances));
        draw(items, answer.get("predictions"));
    }

    /** Draws the digits side by side, with what they are and what the network takes them for below. */
    private void draw(JsonNode items, JsonNode predictions) {
        int size = example.size();
        int step = Math.max(1, size / 14);
        for (int y = 0; y < size; y += step) {
            StringBuilder line = new StringBuilder();
            for (JsonNode row : items) {
                for (int x = 0; x < size; x += step) {
                    int pixel = row.get("instance").get(y * size + x).intValue();
                    int shade = pixel * (SHADES.length() - 1) / example.maximum();
                    line.append(SHADES.charAt(shade)).append(SHADES.charAt(shade));
                }
                line.append("  ");
            }
            out.println(line);
        }
        int width = 2 * ((size + step - 1) / step) + 2;
        StringBuilder line = new StringBuilder();
        Iterator<JsonNode> answers = predictions.iterator();
        for (JsonNode row : items) {
            JsonNode prediction = answers.next();
            boolean right = prediction.get("label").equals(row.get("label"));
            String text = String.format(
                    Locale.ROOT,
                    "%s %.1f%% %s",
                    prediction.get("label").stringValue(),
                    100 * prediction.get("probability").doubleValue(),
                    right ? "right" : "(is " + row.get("label").stringValue() + ")");
            line.append(String.format("%-" + width + "s", text));
        }
        out.println(line);
    }

    private void links(String id, JsonNode result) {
        String name = result.get("model").stringValue();
        String version =
                "/models/" + name + "/versions/" + result.get("version").intValue();
        out.println();
        out.println("the page             " + api.url("/"));
        out.println("this job's curves    " + api.url("/jobs/" + id));
        out.println("the model            " + api.url(version));
        out.println("draw a digit         " + api.url("/try?model=" + name));
        out.println("the API, to try out  " + api.url("/swagger-ui.html"));
    }
}
