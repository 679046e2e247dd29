package io.trainyard.dataset;

import io.trainyard.encoding.PixelEncoding;
import io.trainyard.encoding.Target;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.io.input.BoundedInputStream;

/** Pictures in the four IDX files of MNIST's form, from the operator's folder or a public mirror. */
class IdxDataset implements BuiltInDataset {

    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final int MAX_PIXEL = 255;
    /** MNIST's pictures are divided by 256. */
    private static final int DIVISOR = 256;

    private final String name;
    private final String description;
    private final List<String> classes;
    private final Mirror mirror;
    private final DatasetProperties properties;
    private final SplitStore store;

    IdxDataset(
            String name,
            String description,
            List<String> classes,
            Mirror mirror,
            DatasetProperties properties,
            SplitStore store) {
        this.name = name;
        this.description = description;
        this.classes = classes;
        this.mirror = mirror;
        this.properties = properties;
        this.store = store;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public DatasetContent ingest() {
        Path folder = folder();
        try {
            Map<Split, SplitContent> splits = new EnumMap<>(Split.class);
            splits.put(Split.TRAIN, ingest(folder, MirrorFile.TRAIN_IMAGES, MirrorFile.TRAIN_LABELS));
            splits.put(Split.TEST, ingest(folder, MirrorFile.TEST_IMAGES, MirrorFile.TEST_LABELS));
            return new DatasetContent(
                    new PixelEncoding(List.of(28, 28, 1), MAX_PIXEL, DIVISOR), new Target.Classes(classes), splits);
        } catch (IOException e) {
            throw unavailable("a file of " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The operator's folder where it has the files, else the folder of downloads, filled. */
    private Path folder() {
        Path own = properties.dir() == null ? null : properties.dir().resolve(name);
        if (own != null && Files.isDirectory(own)) {
            return own;
        }
        try {
            return mirror.download(properties.downloadDir().resolve(name));
        } catch (IOException e) {
            throw unavailable(name + " could not be downloaded: " + e.getMessage(), e);
        }
    }

    private ProblemException unavailable(String reason, IOException cause) {
        return new ProblemException(
                ProblemType.DATASET_UNAVAILABLE,
                reason + ". On a machine without internet, put " + MirrorFile.names()
                        + " into the folder $TRAINYARD_DATASETS_DIR/" + name
                        + ", with TRAINYARD_DATASETS_DIR set when the service starts.",
                List.of(),
                RETRY,
                cause);
    }

    private SplitContent ingest(Path folder, MirrorFile imagesFile, MirrorFile labelsFile) throws IOException {
        Path images = unpack(folder, imagesFile);
        Path labels = unpack(folder, labelsFile);
        try {
            Idx pictures = Idx.map(images);
            int[] dimensions = pictures.dimensions();
            if (!pictures.isBytes() || dimensions.length != 3 || dimensions[1] != 28 || dimensions[2] != 28) {
                throw new MalformedIdxException(imagesFile.fileName() + " does not hold pictures of 28 × 28 bytes");
            }
            byte[] classIndices = labels(Idx.map(labels), labelsFile);
            if (classIndices.length != pictures.rows()) {
                throw new MalformedIdxException(imagesFile.fileName() + " holds " + pictures.rows() + " pictures, but "
                        + labelsFile.fileName() + " " + classIndices.length + " labels");
            }
            return store.put(out -> Files.copy(images, out), classIndices, classes.size());
        } finally {
            Files.deleteIfExists(images);
            Files.deleteIfExists(labels);
        }
    }

    private byte[] labels(Idx labels, MirrorFile file) throws MalformedIdxException {
        if (!labels.isBytes() || labels.dimensions().length != 1) {
            throw new MalformedIdxException(file.fileName() + " does not hold one byte a label");
        }
        byte[] values = new byte[labels.rows()];
        for (int row = 0; row < values.length; row++) {
            int label = (int) labels.value(row);
            if (label >= classes.size()) {
                throw new MalformedIdxException(
                        file.fileName() + ": label " + label + " in row " + row + " is not below " + classes.size());
            }
            values[row] = (byte) label;
        }
        return values;
    }

    /** An unpacked temporary copy, bounded by what such a file can hold. */
    private Path unpack(Path folder, MirrorFile file) throws IOException {
        Path packed = folder.resolve(file.fileName());
        Path plain = folder.resolve(file.plainName());
        Files.createDirectories(properties.downloadDir());
        Path unpacked = Files.createTempFile(properties.downloadDir(), name, ".idx");
        if (!Files.exists(packed)) {
            if (!Files.exists(plain)) {
                Files.delete(unpacked);
                throw new IOException(file.fileName() + " is missing");
            }
            return Files.copy(plain, unpacked, StandardCopyOption.REPLACE_EXISTING);
        }
        try (InputStream in = BoundedInputStream.builder()
                        .setInputStream(new GZIPInputStream(Files.newInputStream(packed), 1 << 16))
                        .setMaxCount(file.maxBytes() + 1)
                        .get();
                OutputStream out = Files.newOutputStream(unpacked)) {
            if (in.transferTo(out) > file.maxBytes()) {
                throw new MalformedIdxException(
                        file.fileName() + " unpacks to more than " + file.maxBytes() + " bytes");
            }
            return unpacked;
        } catch (IOException e) {
            Files.deleteIfExists(unpacked);
            throw e;
        }
    }
}
