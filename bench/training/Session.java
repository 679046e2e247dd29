import io.trainyard.engine.BatchObserver;
import io.trainyard.engine.EpochResult;
import io.trainyard.engine.Engine;
import io.trainyard.engine.Examples;
import io.trainyard.engine.TrainingSession;
import io.trainyard.network.LearningRate;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.Task;
import io.trainyard.network.TrainingSettings;
import io.trainyard.network.TrainingSpec;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine's own loop, without the service: what the worker takes beyond it is for leases, metrics, events, checkpoints and stored rows. It is given what
 * {@link Epochs} is.
 */
final class Session {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[1]);
        int epochs = Integer.parseInt(arguments[2]);
        Path folder = Path.of(arguments[4]);
        JsonNode preset = preset("rung-" + arguments[0]);
        ObjectNode network = JSON.createObjectNode();
        network.set("input_shape", JSON.readTree("[28, 28, 1]"));
        network.set("layers", preset.get("layers"));
        NetworkGraph graph = NetworkGraph.of(JSON.treeToValue(network, NetworkSpec.class));
        TrainingSpec training = JSON.treeToValue(preset.get("training"), TrainingSettings.class)
                .complete(Task.CLASSIFICATION, graph.output().layer().outputActivation());
        LearningRate learningRate = new LearningRate(training);
        Examples examples = new Rows(
                read(folder.resolve("train-images-idx3-ubyte.gz"), 16, rows * Epochs.PIXELS),
                read(folder.resolve("train-labels-idx1-ubyte.gz"), 8, rows));
        List<String> classes = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
        Engine engine = new Engine();
        engine.device();
        try (TrainingSession session = engine.train(graph, training, classes)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                long begun = System.nanoTime();
                long processor = Epochs.processorNanos();
                EpochResult result = session.fitEpoch(examples, learningRate::at, BatchObserver.NONE);
                session.endEpoch();
                System.out.printf(
                        Locale.ROOT,
                        "epoch %d seconds %.4f processor %.4f loss %.4f%n",
                        epoch,
                        (System.nanoTime() - begun) / 1e9,
                        (Epochs.processorNanos() - processor) / 1e9,
                        result.loss());
            }
        }
        System.exit(0);
    }

    private static JsonNode preset(String name) throws IOException {
        try (InputStream in = Engine.class.getResourceAsStream("/presets.json")) {
            return JSON.readTree(in).valueStream()
                    .filter(each -> each.get("name").stringValue().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static byte[] read(Path file, int header, int bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(header);
            return in.readNBytes(bytes);
        }
    }

    private record Rows(byte[] pictures, byte[] labels) implements Examples {

        @Override
        public int count() {
            return labels.length;
        }

        @Override
        public float target(int row) {
            return labels[row];
        }

        @Override
        public void copyFeatures(int row, float[] target, int offset) {
            for (int i = 0; i < Epochs.PIXELS; i++) {
                target[offset + i] = (pictures[row * Epochs.PIXELS + i] & 0xFF) / 256f;
            }
        }
    }
}
