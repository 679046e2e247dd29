package io.trainyard.engine;

import com.sun.management.OperatingSystemMXBean;
import io.trainyard.device.Devices;
import io.trainyard.device.Gpu;
import io.trainyard.device.NoGpuException;
import io.trainyard.device.Placement;
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
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Properties;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The facade of this module. ND4J's native code is loaded on first use. */
@Component
public class Engine {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private static final String BACKEND = "backend";
    private static final String CPU = "CPU";

    static {
        // DL4J reads this when its first layer class is loaded, and its default switches oneDNN off.
        System.setProperty("org.eclipse.deeplearning4j.helpers.disable", "false");
        // JavaCPP's Pointer and Loader each initialise the other: two threads that came to them first, one to each,
        // would wait
        // for ever. Meters and the loading of ND4J did.
        Pointer.physicalBytes();
    }

    private final @Nullable Devices devices;
    private @Nullable Device device;

    /** On the CPU. */
    public Engine() {
        this.devices = null;
    }

    @Autowired
    Engine(Devices devices) {
        this.devices = devices;
    }

    /**
     * The device of this process, which a worker asks for before all else: a GPU where there is one for it. A process that has
     * not asked before it computes has the CPU. Loads the native code, and checks that the device is really in use.
     *
     * @throws NoGpuException when it is to have a GPU, and there is none, or one that does not work
     */
    public synchronized Device device() {
        if (device == null) {
            device = inspect(devices == null ? Placement.CPU : devices.placement());
        }
        return device;
    }

    /** Bytes of the device's memory that are in use, by whomever; of a processor, the machine's. Empty when the driver does not say. */
    public OptionalLong deviceMemoryUsed() {
        Gpu gpu = device().gpu();
        return gpu == null || devices == null ? machineMemoryUsed() : devices.usedBytes(gpu);
    }

    /** Whether memory was exhausted, the machine's or the GPU's: what else is in this process can no longer be relied on. */
    public boolean isExhausted(Throwable failure) {
        return Exhaustion.isIn(failure, device().gpu());
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

    private Device inspect(Placement placement) {
        Gpu gpu = placement.gpu();
        if (gpu != null) {
            CpuFirstBackend.stepAside();
        }
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        if (gpu != null && environment.getProperty(BACKEND, CPU).equals(CPU)) {
            placement = Objects.requireNonNull(devices)
                    .without(
                            gpu,
                            "ND4J's CUDA backend could not be loaded: it needs the driver's libcuda.so.1, and libcublas.so.11 and libcusolver.so.11 of CUDA 11");
        }
        Device found = placement.gpu() == null ? processor(placement.warning()) : onGpu(placement.gpu());
        if (found.warning() != null) {
            log.warn("{}: jobs are trained on the CPU", found.warning());
        }
        if (found.gpu() == null && !found.onednn()) {
            log.warn("oneDNN is not in use: training will be about seven times slower. {}", found);
        } else {
            log.info("{}", found);
        }
        return found;
    }

    private static Device processor(@Nullable String warning) {
        return new Device(
                processorName(),
                CPU,
                Nd4j.getEnvironment().maxThreads(),
                machine().getTotalMemorySize(),
                convolutionUsesOneDnn(),
                null,
                warning);
    }

    private static Device onGpu(Gpu gpu) {
        try {
            convolve();
        } catch (RuntimeException fails) {
            throw new NoGpuException(gpu + " fails at its first operation (" + fails.getMessage()
                    + "); with trainyard.device.backend=cpu" + " jobs are trained on the CPU");
        }
        return new Device(gpu.name(), "CUDA", Nd4j.getEnvironment().maxThreads(), gpu.memoryBytes(), false, gpu, null);
    }

    private static boolean convolutionUsesOneDnn() {
        String helper = convolve();
        return helper != null && helper.contains("MKLDNN");
    }

    /** DL4J falls back in silence, so a layer that has computed is asked what helper it really uses; null for none. */
    private static @Nullable String convolve() {
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
            return helper == null ? null : helper.getClass().getSimpleName();
        }
    }

    /** Without what the system only caches, and gives back: splits that are mapped are in there. */
    private static OptionalLong machineMemoryUsed() {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .map(available -> machine().getTotalMemorySize() - available)
                    .findFirst();
        } catch (IOException | UncheckedIOException | NumberFormatException untold) {
            return OptionalLong.empty();
        }
    }

    private static OperatingSystemMXBean machine() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
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
