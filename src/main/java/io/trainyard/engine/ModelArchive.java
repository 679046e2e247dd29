package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import tools.jackson.databind.json.JsonMapper;

/**
 * DL4J's model zip, with its entries {@code configuration.json} and {@code coefficients.bin}. DL4J's own
 * {@code ModelSerializer} loads what is written here; it is not used for reading, because it deserialises Java objects
 * from further entries, nor for writing, because its bytes differ from call to call.
 */
final class ModelArchive {

    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    /** The same weights are to have the same SHA-256. */
    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ModelArchive() {}

    /** A network as it is published, with weights of no meaning yet. */
    static Network network(NetworkGraph spec, LossSpec loss) {
        return Network.inference(spec, lossFunction(loss));
    }

    static void write(Network network, OutputStream out) throws IOException {
        write(network.graph(), out);
    }

    static void write(ComputationGraph graph, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.putNextEntry(entry(CONFIGURATION));
        zip.write(graph.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        zip.putNextEntry(entry(COEFFICIENTS));
        DataOutputStream data = new DataOutputStream(zip);
        Nd4j.write(graph.params(), data);
        data.flush();
        zip.closeEntry();
        zip.finish();
    }

    /** Reads an archive that was written here; for one of foreign origin there is {@link ForeignArchive}. */
    static ComputationGraph read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String configuration;
            try (InputStream in = open(zip, CONFIGURATION)) {
                configuration = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            INDArray parameters;
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(open(zip, COEFFICIENTS), 1 << 16))) {
                parameters = Nd4j.read(in);
            }
            // Of before networks could branch: a list of layers.
            if (JsonMapper.shared().readTree(configuration).has("confs")) {
                MultiLayerNetwork layers = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration));
                layers.init(parameters, false);
                ComputationGraph copy = layers.toComputationGraph();
                layers.params().close();
                return copy;
            }
            ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
            graph.init(parameters, false);
            return graph;
        }
    }

    /**
     * Reads an archive into the network that it was written from, so that its weights can be found by the spec's names.
     *
     * @throws IOException also when the archive holds another network
     */
    static Network read(Path file, NetworkGraph spec) throws IOException {
        ComputationGraph stored = read(file);
        Network network = network(spec, new LossSpec.MeanSquaredError());
        try {
            if (!network.graph()
                    .paramTable()
                    .keySet()
                    .equals(stored.paramTable().keySet())) {
                throw new IOException("the archive was written by an earlier release; its layers have other names");
            }
            network.graph().setParamTable(stored.paramTable());
            return network;
        } catch (IOException e) {
            network.close();
            throw e;
        } finally {
            Network.free(stored);
        }
    }

    /** The nearest that DL4J has. */
    private static ILossFunction lossFunction(LossSpec loss) {
        if (loss instanceof LossSpec.CategoricalCrossentropy) {
            return new LossMCXENT();
        }
        if (loss instanceof LossSpec.BinaryCrossentropy) {
            return new LossBinaryXENT();
        }
        return loss instanceof LossSpec.MeanAbsoluteError ? new LossMAE() : new LossMSE();
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIMESTAMP);
        return entry;
    }

    private static InputStream open(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("the model archive has no " + name);
        }
        return zip.getInputStream(entry);
    }
}
