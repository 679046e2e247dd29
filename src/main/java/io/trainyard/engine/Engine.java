package io.trainyard.engine;

import com.sun.management.OperatingSystemMXBean;
import io.trainyard.engine.graph.Network;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.TrainingSpec;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.Flatten;
import io.trainyard.network.layer.Initializer;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Size2d;
import io.trainyard.problem.InvalidFieldException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The facade of this module. ND4J's native code is loaded on first use. */
@Component
public class Engine {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    static {
        // DL4J reads this when its first layer class is loaded, and its default switches oneDNN off.
        System.setProperty("org.eclipse.deeplearning4j.helpers.disable", "false");
    }

    private @Nullable Device device;

    /** The device of this process; loads the native code and checks that oneDNN is really in use. */
    public synchronized Device device() {
        if (device == null) {
            device = inspect();
        }
        return device;
    }

    /** What this process has of memory now. */
    public ProcessMemory memory() {
        return ProcessMemory.now();
    }

    /**
     * A network with fresh weights, ready to be fitted. To be used by one thread only.
     *
     * @param classes the names of the labels, in the order of their indices; empty where targets are numbers
     */
    public TrainingSession train(NetworkGraph network, TrainingSpec training, List<String> classes) {
        return new TrainingSession(network, training, classes);
    }

    /**
     * Loads an artifact that {@link TrainingSession#save} wrote, to answer requests side by side with others: from then on
     * this process computes each with one core. To be used by one thread only.
     *
     * @param inputShape of one row
     * @param answers the number of classes, or of numbers to tell
     */
    public InferenceNetwork load(Path artifact, List<Integer> inputShape, int answers) throws IOException {
        InferenceNetwork.useOneThread();
        return loadForBatches(artifact, inputShape, answers);
    }

    /** Loads an artifact as {@link #load} does, to go through many rows with all cores that training has. */
    public InferenceNetwork loadForBatches(Path artifact, List<Integer> inputShape, int answers) throws IOException {
        return InferenceNetwork.load(artifact, new Shape(inputShape), answers);
    }

    /**
     * Reads a DL4J zip of foreign origin. Only in a process that may be lost.
     *
     * @param inputShape of the rows that it is to take; null where the network says it
     * @param maxBytes of the file's entries, unpacked
     * @throws InvalidFieldException for {@code file} or {@code input_shape}
     */
    public ImportedNetwork importArchive(Path file, @Nullable List<Integer> inputShape, long maxBytes)
            throws IOException {
        return ImportedNetwork.ofArchive(file, inputShape == null ? null : new Shape(inputShape), maxBytes);
    }

    /**
     * A network of this service's layers with the weights that it has elsewhere.
     *
     * @throws InvalidFieldException for {@code file}
     */
    public ImportedNetwork importLayers(NetworkSpec network, WeightSource weights) {
        return ImportedNetwork.ofLayers(network, weights);
    }

    private static Device inspect() {
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        String backend = environment.getProperty("backend", "CPU");
        boolean onednn = convolutionUsesOneDnn();
        Device found =
                new Device(processorName(), backend, Nd4j.getEnvironment().maxThreads(), machineMemory(), onednn);
        if (backend.equals("CPU") && !onednn) {
            log.warn("oneDNN is not in use: training will be about seven times slower. {}", found);
        } else {
            log.info("{}", found);
        }
        return found;
    }

    /** DL4J falls back in silence, so a layer is asked what it really uses. */
    private static boolean convolutionUsesOneDnn() {
        Size2d one = new Size2d(1, 1);
        LayerSpec conv = new Conv2d(
                null,
                null,
                1,
                new Size2d(3, 3),
                one,
                Padding.SAME,
                one,
                Activation.LINEAR,
                true,
                new Initializer.GlorotUniform(),
                new Initializer.Zeros(),
                null,
                null,
                null);
        NetworkGraph probe = NetworkGraph.of(NetworkSpec.of(Shape.of(4, 4, 1), List.of(conv, new Flatten(null, null))));
        try (Network network = ModelArchive.network(probe, new LossSpec.MeanSquaredError())) {
            network.graph().outputSingle(Nd4j.zeros(1, 4, 4, 1));
            var helper = network.graph().getLayer("conv2d").getHelper();
            return helper != null && helper.getClass().getSimpleName().contains("MKLDNN");
        }
    }

    private static long machineMemory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    private static String processorName() {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        try (var lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
