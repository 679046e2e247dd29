package io.trainyard.engine;

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
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

    static void write(MultiLayerConfiguration configuration, INDArray parameters, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.putNextEntry(entry(CONFIGURATION));
        zip.write(configuration.toJson().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        zip.putNextEntry(entry(COEFFICIENTS));
        DataOutputStream data = new DataOutputStream(zip);
        Nd4j.write(parameters, data);
        data.flush();
        zip.closeEntry();
        zip.finish();
    }

    /** Reads an archive that was written here; never one of foreign origin. */
    static MultiLayerNetwork read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            MultiLayerNetwork network;
            try (InputStream in = open(zip, CONFIGURATION)) {
                network = new MultiLayerNetwork(
                        MultiLayerConfiguration.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            }
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(open(zip, COEFFICIENTS), 1 << 16))) {
                network.init(Nd4j.read(in), false);
            }
            return network;
        }
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
