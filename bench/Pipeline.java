import io.trainyard.dataset.Rows;
import io.trainyard.encoding.Column;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.NumericColumn;
import io.trainyard.encoding.PixelEncoding;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How fast rows become batches: read, encoded, and put where the network takes them, by one thread. Ours reads the form in
 * which splits are stored, in a shuffled order; the obvious alternative reads a CSV line by line, in the file's order, and
 * parses each number each epoch. Both do it with the same encoding, from files that the system has in memory.
 *
 * <pre>
 * ./mvnw -q package -DskipTests dependency:build-classpath -Dmdep.outputFile=target/bench.classpath
 * java -cp target/classes:$(cat target/bench.classpath) bench/Pipeline.java [pairs]
 * </pre>
 */
public class Pipeline {

    private static final int BATCH = 64;
    private static final int WARM_UP = 2;

    /** Fills the batch's arrays; a pass over all rows. */
    private interface Source {
        void pass(float[] features, float[] targets, Runnable full) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        Path folder = Files.createTempDirectory("pipeline");
        System.out.println("| rows | ours, rows/s | CSV, rows/s | ratio |");
        System.out.println("|---|---:|---:|---:|");
        try {
            // As many pixels of MNIST are not 0.
            compare(folder, "60,000 of 28 × 28 bytes", 60_000, 784, true, new PixelEncoding(List.of(28, 28, 1), 255, 256), pairs);
            List<Column> columns = IntStream.range(0, 10)
                    .<Column>mapToObj(i -> new NumericColumn("c" + i, 0.5, 0.3, null))
                    .toList();
            compare(folder, "500,000 of 10 floats", 500_000, 10, false, new ColumnEncoding(columns), pairs);
        } finally {
            for (String file : List.of("features", "labels", "csv")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private static void compare(
            Path folder, String name, int rows, int width, boolean bytes, Encoding encoding, int pairs) throws Exception {
        write(folder, rows, width, bytes);
        Source[] sources = {stored(folder, rows, width, encoding), csv(folder, width, encoding)};
        double[][] rates = new double[2][pairs];
        for (int pair = -WARM_UP; pair < pairs; pair++) {
            double[] sums = new double[2];
            for (int i = 0; i < 2; i++) {
                long begun = System.nanoTime();
                sums[i] = batches(sources[i], width);
                if (pair >= 0) {
                    rates[i][pair] = rows / ((System.nanoTime() - begun) / 1e9);
                }
            }
            if (Math.abs(sums[0] - sums[1]) > 1e-6 * Math.abs(sums[0])) {
                throw new IllegalStateException("not the same rows: " + Arrays.toString(sums));
            }
        }
        double[] ratios =
                IntStream.range(0, pairs).mapToDouble(i -> rates[0][i] / rates[1][i]).toArray();
        System.out.printf(
                Locale.ROOT, "| %s | %.0f | %.0f | %.1f |%n", name, median(rates[0]), median(rates[1]), median(ratios));
    }

    /** Makes batches of all rows; returns the sum over their values, by which passes are compared. */
    private static double batches(Source source, int width) throws Exception {
        float[] features = new float[BATCH * width];
        float[] targets = new float[BATCH];
        FloatBuffer network = ByteBuffer.allocateDirect(Float.BYTES * features.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        double[] sum = new double[1];
        source.pass(features, targets, () -> {
            network.clear().put(features);
            for (int i = 0; i < BATCH; i++) {
                sum[0] += targets[i] + features[i * width] + features[i * width + width - 1];
            }
            Arrays.fill(features, 0);
            Arrays.fill(targets, 0);
        });
        return sum[0];
    }

    private static Source stored(Path folder, int rows, int width, Encoding encoding) throws Exception {
        Rows split = open(folder, encoding);
        return (features, targets, full) -> {
            int[] order = shuffled(rows);
            int filled = 0;
            for (int row : order) {
                split.copyEncoded(row, features, filled * width);
                targets[filled++] = split.target(row);
                if (filled == BATCH) {
                    full.run();
                    filled = 0;
                }
            }
            if (filled > 0) {
                full.run();
            }
        };
    }

    /** As {@code Datasets.open} does, which wants a database. */
    private static Rows open(Path folder, Encoding encoding) throws Exception {
        Class<?> idx = Class.forName("io.trainyard.dataset.Idx");
        Method map = idx.getDeclaredMethod("map", Path.class);
        map.setAccessible(true);
        Constructor<Rows> constructor = Rows.class.getDeclaredConstructor(idx, idx, Encoding.class);
        constructor.setAccessible(true);
        return constructor.newInstance(
                map.invoke(null, folder.resolve("features")), map.invoke(null, folder.resolve("labels")), encoding);
    }

    private static Source csv(Path folder, int width, Encoding encoding) {
        return (features, targets, full) -> {
            int filled = 0;
            try (BufferedReader reader = Files.newBufferedReader(folder.resolve("csv"))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    String[] cells = line.split(",");
                    for (int i = 0; i < width; i++) {
                        features[filled * width + i] = Float.parseFloat(cells[i]);
                    }
                    encoding.encode(features, filled * width);
                    targets[filled++] = Float.parseFloat(cells[width]);
                    if (filled == BATCH) {
                        full.run();
                        filled = 0;
                    }
                }
            }
            if (filled > 0) {
                full.run();
            }
        };
    }

    private static int[] shuffled(int count) {
        int[] order = IntStream.range(0, count).toArray();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** The same rows in both forms. */
    private static void write(Path folder, int rows, int width, boolean bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        try (DataOutputStream features = output(folder.resolve("features"));
                DataOutputStream labels = output(folder.resolve("labels"));
                BufferedWriter csv = Files.newBufferedWriter(folder.resolve("csv"))) {
            features.writeInt((bytes ? 0x08 : 0x0D) << 8 | 2);
            features.writeInt(rows);
            features.writeInt(width);
            labels.writeInt(0x08 << 8 | 1);
            labels.writeInt(rows);
            StringBuilder line = new StringBuilder();
            for (int row = 0; row < rows; row++) {
                line.setLength(0);
                for (int i = 0; i < width; i++) {
                    if (bytes) {
                        int pixel = random.nextDouble() < 0.19 ? 1 + random.nextInt(255) : 0;
                        features.writeByte(pixel);
                        line.append(pixel);
                    } else {
                        float number = (float) random.nextDouble();
                        features.writeFloat(number);
                        line.append(number);
                    }
                    line.append(',');
                }
                int label = random.nextInt(10);
                labels.writeByte(label);
                csv.append(line.append(label)).append('\n');
            }
        }
    }

    private static DataOutputStream output(Path file) throws IOException {
        return new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
