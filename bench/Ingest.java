import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Rows a second from a CSV file to a dataset version, over HTTP, against the obvious alternative in the same run: a program
 * that reads lines, splits them at commas, parses each cell with Float.parseFloat and writes floats. That one checks
 * nothing, infers nothing, holds nothing out and computes no statistics.
 *
 * <pre>java bench/Ingest.java [http://localhost:8080] [rows] [columns] [pairs]</pre>
 */
public class Ingest {

    public static void main(String[] arguments) throws Exception {
        String base = arguments.length > 0 ? arguments[0] : "http://localhost:8080";
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int columns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        int pairs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 5;
        Path csv = Files.createTempFile("ingest", ".csv");
        Path floats = Files.createTempFile("ingest", ".floats");
        try {
            write(csv, rows, columns);
            long bytes = Files.size(csv);
            System.out.printf("%,d rows of %d numbers and a label, %,d bytes%n", rows, columns, bytes);
            double[] ours = new double[pairs];
            double[] plain = new double[pairs];
            // The first of each is for the compiler.
            for (int i = -1; i < pairs; i++) {
                double uploaded = rows / seconds(() -> upload(base, csv));
                double parsed = rows / seconds(() -> parse(csv, floats));
                System.out.printf("%s %,10.0f rows/s uploaded, %,10.0f parsed%n", i < 0 ? "warm-up" : "pair " + (i + 1),
                        uploaded, parsed);
                if (i >= 0) {
                    ours[i] = uploaded;
                    plain[i] = parsed;
                }
            }
            System.out.printf(
                    "medians: %,.0f rows/s (%.0f MB/s) to a version, %,.0f rows/s by split and parseFloat: %.2f of it%n",
                    median(ours), median(ours) * bytes / rows / 1e6, median(plain), median(ours) / median(plain));
        } finally {
            Files.delete(csv);
            Files.delete(floats);
        }
    }

    private static double seconds(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void write(Path file, int rows, int columns) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < columns; i++) {
                out.write("x" + i + ",");
            }
            out.write("y\n");
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < columns; i++) {
                    out.write(String.format(Locale.ROOT, "%.4f,", random.nextDouble(-100, 100)));
                }
                out.write(row % 2 == 0 ? "even\n" : "odd\n");
            }
        }
    }

    private static void upload(String base, Path csv) {
        String head = "--b\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n{\"format\": \"csv\", \"label\": \"y\"}\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"train\"; filename=\"t.csv\"\r\n\r\n";
        Supplier<InputStream> body = () -> {
            try {
                return new SequenceInputStream(Collections.enumeration(
                        List.of(stream(head), new FileInputStream(csv.toFile()), stream("\r\n--b--\r\n"))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(base + "/api/v1/datasets/bench-ingest/versions"))
                                    .header("Content-Type", "multipart/form-data; boundary=b")
                                    .POST(HttpRequest.BodyPublishers.ofInputStream(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(base + answer.headers().firstValue("Location").orElseThrow()))
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void parse(Path csv, Path floats) {
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(new FileInputStream(csv.toFile()), StandardCharsets.UTF_8));
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(floats.toFile())))) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",", -1);
                for (int i = 0; i < cells.length - 1; i++) {
                    out.writeFloat(Float.parseFloat(cells[i]));
                }
                out.writeByte(cells[cells.length - 1].equals("even") ? 0 : 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
