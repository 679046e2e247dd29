package io.trainyard.dataset;

import io.trainyard.encoding.PixelEncoding;
import io.trainyard.encoding.Target;
import io.trainyard.file.PrivateFiles;
import io.trainyard.problem.FileFaults;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** Pictures in the four IDX files of MNIST's form, from the operator's folder or a public mirror. */
class IdxDataset implements BuiltInDataset {

    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final List<Integer> SHAPE = List.of(28, 28, 1);
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
                    new PixelEncoding(SHAPE, MAX_PIXEL, DIVISOR), new Target.Classes(classes), splits);
        } catch (IOException e) {
            throw unavailable("a file of " + name + " cannot be read: " + FileFaults.reason(e), e);
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
            throw unavailable(name + " could not be downloaded: " + FileFaults.reason(e), e);
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
        PrivateFiles.createDirectories(properties.downloadDir());
        Path work = Files.createTempDirectory(properties.downloadDir(), name);
        try {
            IdxFile images = open(folder, imagesFile, work);
            IdxFile labels = open(folder, labelsFile, work);
            if (!of(imagesFile, images::pictureShape).equals(SHAPE)) {
                throw new MalformedIdxException(imagesFile.fileName() + " does not hold pictures of 28 × 28 bytes");
            }
            int[] counts = of(labelsFile, () -> labels.labelCounts(classes.size()));
            if (labels.rows() != images.rows()) {
                throw new MalformedIdxException(imagesFile.fileName() + " holds " + images.rows() + " pictures, but "
                        + labelsFile.fileName() + " " + labels.rows() + " labels");
            }
            return store.put(images, labels, counts);
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
    }

    private static IdxFile open(Path folder, MirrorFile file, Path work) throws IOException {
        Path packed = folder.resolve(file.fileName());
        Path plain = folder.resolve(file.plainName());
        if (!Files.exists(packed) && !Files.exists(plain)) {
            throw new IOException(file.fileName() + " is missing");
        }
        return of(
                file,
                () -> IdxFile.open(
                        Files.exists(packed) ? packed : plain, work.resolve(file.plainName()), file.maxBytes()));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What is wrong with a file is said of it by name. */
    private static <T> T of(MirrorFile file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (MalformedIdxException malformed) {
            throw new MalformedIdxException(file.fileName() + ": " + malformed.getMessage());
        }
    }
}
