package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.problem.InvalidFieldException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.io.input.BoundedInputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import tools.jackson.databind.json.JsonMapper;

/**
 * A DL4J zip that was written by somebody else. Only known entries are taken, no size in it is believed, and no Java object
 * is deserialised. Still to be read in a process of its own: DL4J and its native code were not made for hostile files.
 */
final class ForeignArchive {

    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final Set<String> OTHERS = Set.of("updaterState.bin", "noParams.marker");
    /** DL4J reads these by Java deserialisation, or makes an object of a class that they name. */
    private static final Set<String> DANGEROUS = Set.of("preprocessor.bin", "normalizer.bin");

    private static final String KERAS_WEIGHTS = "model.weights.h5";

    private static final int MAX_CONFIGURATION = 16 << 20;
    /** Weights hardly shrink; those of a network that was never trained do, up to this. */
    private static final long MAX_EXPANSION = 200;

    private static final long ALWAYS_ALLOWED = 1 << 20;

    private ForeignArchive() {}

    /**
     * Reads a network that takes what {@code input} says.
     *
     * @param maxBytes that its entries may have together, unpacked
     * @throws InvalidFieldException for {@code file}, or for {@code input_shape}
     */
    static ComputationGraph read(Path file, ForeignInput input, long maxBytes) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            checkEntries(zip);
            String configuration = ForeignConfiguration.checked(configuration(zip));
            ZipEntry coefficients = zip.getEntry(COEFFICIENTS);
            if (coefficients == null) {
                throw refused("has no " + COEFFICIENTS + ", so no weights");
            }
            long packed = coefficients.getCompressedSize();
            long limit = Math.min(maxBytes, ALWAYS_ALLOWED + MAX_EXPANSION * packed);
            try (DataInputStream in = new DataInputStream(
                    new BufferedInputStream(bounded(zip.getInputStream(coefficients), limit), 1 << 16))) {
                return graph(configuration, Coefficients.read(in, limit), input);
            }
        } catch (ZipException damaged) {
            throw refused("is not a zip that can be read: it is damaged or cut off");
        } catch (EOFException cut) {
            throw refused("is cut off: " + COEFFICIENTS + " holds fewer values than it says");
        } catch (TooLargeException tooLarge) {
            throw refused("unpacks to more than it may: " + tooLarge.getMessage());
        }
    }

    private static void checkEntries(ZipFile zip) {
        Set<String> seen = new HashSet<>();
        if (zip.getEntry(KERAS_WEIGHTS) != null) {
            throw refused("is a .keras file, which is not read; save the model as .h5: model.save('name.h5')");
        }
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            if (DANGEROUS.contains(name)) {
                throw refused("holds " + name
                        + ", which DL4J reads by making Java objects of it; save the model without a preprocessor or"
                        + " normalizer, and say in 'spec' what the rows are");
            }
            if (!name.equals(CONFIGURATION) && !name.equals(COEFFICIENTS) && !OTHERS.contains(name)) {
                throw refused("holds the entry '" + (name.length() > 100 ? name.substring(0, 100) + "…" : name)
                        + "', which is none of a DL4J model");
            }
            if (!seen.add(name)) {
                throw refused("holds " + name + " twice");
            }
        }
    }

    private static String configuration(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(CONFIGURATION);
        if (entry == null) {
            throw refused("has no " + CONFIGURATION + ": it is not a DL4J model");
        }
        try (InputStream in = bounded(zip.getInputStream(entry), MAX_CONFIGURATION)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Fails when more bytes than that come out, whatever the zip says of their number. */
    private static InputStream bounded(InputStream in, long max) throws IOException {
        return BoundedInputStream.builder()
                .setInputStream(in)
                .setMaxCount(max)
                .setOnMaxCount((limit, count) -> {
                    throw new TooLargeException(limit + " bytes are taken");
                })
                .get();
    }

    private static ComputationGraph graph(String configuration, Coefficients coefficients, ForeignInput input) {
        ComputationGraph graph = unchecked(configuration, coefficients);
        ComputationGraphConfiguration adapted = graph.getConfiguration().clone();
        if (!input.adapt(adapted)) {
            return graph;
        }
        ComputationGraph copy = new ComputationGraph(adapted);
        copy.init();
        // Not as one vector, in which they may stand in another order now.
        copy.setParamTable(graph.paramTable());
        Network.free(graph);
        return copy;
    }

    /** DL4J complains of what does not fit in many ways. */
    private static ComputationGraph unchecked(String configuration, Coefficients coefficients) {
        try {
            if (JsonMapper.shared().readTree(configuration).has("confs")) {
                MultiLayerConfiguration layers = MultiLayerConfiguration.fromJson(configuration);
                try (INDArray values = coefficients.as(type(layers.getDataType()))) {
                    MultiLayerNetwork network = new MultiLayerNetwork(layers);
                    network.init(values, false);
                    return inFloats(network.toComputationGraph());
                }
            }
            ComputationGraphConfiguration graph = ComputationGraphConfiguration.fromJson(configuration);
            ComputationGraph network = new ComputationGraph(graph);
            network.init(coefficients.as(type(graph.getDataType())), false);
            return inFloats(network);
        } catch (InvalidFieldException refused) {
            throw refused;
        } catch (RuntimeException unfit) {
            throw refused("cannot be put together by DL4J: " + firstLine(unfit));
        }
    }

    /** Early releases do not say it. */
    private static DataType type(DataType given) {
        return given == null ? DataType.FLOAT : given;
    }

    private static ComputationGraph inFloats(ComputationGraph graph) {
        return graph.getConfiguration().getDataType() == DataType.FLOAT ? graph : graph.convertDataType(DataType.FLOAT);
    }

    static String firstLine(Throwable fault) {
        String message = String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
        return message.length() > 300 ? message.substring(0, 300) + "…" : message;
    }

    static InvalidFieldException refused(String detail) {
        return new InvalidFieldException("file", detail);
    }

    /** More bytes came than are taken. */
    private static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException(String message) {
            super(message);
        }
    }
}
