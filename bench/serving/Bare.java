import io.trainyard.engine.Engine;
import io.trainyard.engine.InferenceNetwork;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The limit: a version's network in a loop in one JVM, nothing around it. With a second argument it writes the weights. */
public class Bare {

    public static void main(String[] arguments) throws Exception {
        Path artifact = Path.of(arguments[0]);
        Engine engine = new Engine();
        if (arguments.length > 1) {
            export(artifact, Path.of(arguments[1]));
            return;
        }
        try (InferenceNetwork network = engine.load(artifact, List.of(28, 28, 1), 10)) {
            for (int rows : new int[] {1, 8, 16, 32, 64, 128}) {
                time(network, rows, 1);
                time(network, rows, 3).ifPrint(System.out);
            }
        }
    }

    record Figures(int rows, double p50, double p99, double perSecond) {
        void ifPrint(PrintStream out) {
            out.printf("%d %.3f %.3f %.0f%n", rows, p50, p99, perSecond);
        }
    }

    private static Figures time(InferenceNetwork network, int rows, int seconds) {
        float[] features = new float[rows * 784];
        Random random = new Random(1);
        for (int i = 0; i < features.length; i++) {
            features[i] = random.nextFloat();
        }
        long[] nanos = new long[1_000_000];
        int count = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            network.predict(features, rows);
            nanos[count++] = System.nanoTime() - begun;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        double sum = Arrays.stream(sorted).sum() / 1e9;
        Arrays.sort(sorted);
        return new Figures(rows, sorted[count / 2] / 1e6, sorted[count * 99 / 100] / 1e6, rows * count / sum);
    }

    /** A file for each weight: little-endian floats in row-major order, its shape in the name. */
    private static void export(Path artifact, Path folder) throws Exception {
        Files.createDirectories(folder);
        try (ZipFile zip = new ZipFile(artifact.toFile())) {
            String configuration =
                    new String(zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes());
            INDArray parameters;
            try (DataInputStream in = new DataInputStream(
                    new BufferedInputStream(zip.getInputStream(zip.getEntry("coefficients.bin"))))) {
                parameters = Nd4j.read(in);
            }
            ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
            graph.init(parameters, false);
            for (Map.Entry<String, INDArray> weight : graph.paramTable().entrySet()) {
                float[] values = weight.getValue().dup('c').data().asFloat();
                ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                String shape = Arrays.toString(weight.getValue().shape()).replaceAll("[\\[\\] ]", "");
                Files.write(folder.resolve(weight.getKey() + "@" + shape), bytes.array());
            }
        }
    }
}
