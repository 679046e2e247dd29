package io.trainyard.dataset;

import io.trainyard.encoding.PixelEncoding;
import io.trainyard.encoding.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes rows of pictures and labels in the IDX format. */
@Component
class IdxIngest implements Ingest<IdxSpec> {

    private static final int MAX_PIXEL = 255;

    private final DatasetLimits limits;
    private final SplitStore store;

    IdxIngest(DatasetLimits limits, SplitStore store) {
        this.limits = limits;
        this.store = store;
    }

    @Override
    public Ingested ingest(IdxSpec spec, Map<String, UploadedFile> files, Path folder) throws IOException {
        Pair train = Objects.requireNonNull(
                pair(spec, files, IdxSpec.TRAIN_IMAGES, IdxSpec.TRAIN_LABELS, folder), "they are required");
        Pair test = pair(spec, files, IdxSpec.TEST_IMAGES, IdxSpec.TEST_LABELS, folder);
        List<String> classes = classes(spec, train);
        if (test != null) {
            checkAgainst(train, test);
        }
        long rows = (long) train.images.rows() + (test == null ? 0 : test.images.rows());
        if (rows > limits.rows()) {
            throw train.imagesFile.invalid("there are " + rows + " pictures; at most " + limits.rows() + " are taken");
        }
        Warnings warnings = new Warnings();
        if (test != null && spec.validationFraction() != null) {
            warnings.add("validation_fraction is not used: the pictures to test with were sent");
        }
        Map<Split, SplitContent> splits =
                test == null ? heldOut(spec, train, classes.size(), folder) : asSent(train, test, classes.size());
        PictureSplits.warn(classes, splits, warnings);
        return new Ingested(
                new DatasetContent(
                        new PixelEncoding(train.shape, MAX_PIXEL, spec.divisor()), new Target.Classes(classes), splits),
                warnings.sentences());
    }

    /**
     * Pictures and their labels.
     *
     * @param shape [height, width, channels]
     * @param counts rows of each label
     */
    private record Pair(
            UploadedFile imagesFile,
            IdxFile images,
            UploadedFile labelsFile,
            IdxFile labels,
            List<Integer> shape,
            int[] counts) {}

    private @Nullable Pair pair(
            IdxSpec spec, Map<String, UploadedFile> files, String imagesPart, String labelsPart, Path folder)
            throws IOException {
        UploadedFile imagesFile = files.get(imagesPart);
        UploadedFile labelsFile = files.get(labelsPart);
        if (imagesFile == null || labelsFile == null) {
            UploadedFile alone = imagesFile == null ? labelsFile : imagesFile;
            if (alone == null) {
                return null;
            }
            throw alone.invalid("it is sent without the part " + (imagesFile == null ? imagesPart : labelsPart)
                    + "; send both, or neither");
        }
        IdxFile images = open(imagesFile, folder);
        IdxFile labels = open(labelsFile, folder);
        List<Integer> shape = of(imagesFile, images::pictureShape);
        long values = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        if (values > limits.rowValues()) {
            throw imagesFile.invalid(
                    "a picture has " + values + " values; at most " + limits.rowValues() + " are taken");
        }
        int classes =
                spec.classes() == null ? IdxFile.MOST_CLASSES : spec.classes().size();
        int[] counts = of(labelsFile, () -> labels.labelCounts(classes));
        if (images.rows() != labels.rows()) {
            throw labelsFile.invalid("it holds " + labels.rows() + " labels, but the part " + imagesPart + " "
                    + images.rows() + " pictures; each picture needs one");
        }
        return new Pair(imagesFile, images, labelsFile, labels, shape, counts);
    }

    private IdxFile open(UploadedFile file, Path folder) throws IOException {
        return of(
                file,
                () -> IdxFile.open(file.path(), folder.resolve(file.part() + ".idx"), limits.unpacked(file.bytes())));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T of(UploadedFile file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (MalformedIdxException malformed) {
            throw file.invalid(String.valueOf(malformed.getMessage()));
        }
    }

    private List<String> classes(IdxSpec spec, Pair train) {
        int[] present = IntStream.range(0, train.counts.length)
                .filter(label -> train.counts[label] > 0)
                .toArray();
        if (present.length < 2) {
            throw train.labelsFile.invalid(
                    "every row has the label " + present[0] + "; a class needs another to be told from");
        }
        List<String> classes = spec.classes() != null
                ? spec.classes()
                : IntStream.rangeClosed(0, present[present.length - 1])
                        .mapToObj(String::valueOf)
                        .toList();
        if (classes.size() > limits.classes()) {
            throw train.labelsFile.invalid(
                    "there are " + classes.size() + " classes; at most " + limits.classes() + " are taken");
        }
        return classes;
    }

    private static void checkAgainst(Pair train, Pair test) {
        if (!test.shape.equals(train.shape)) {
            throw test.imagesFile.invalid("its pictures have the shape " + test.shape + ", those of the part "
                    + IdxSpec.TRAIN_IMAGES + " " + train.shape + "; they must be the same");
        }
        for (int row = 0; row < test.labels.rows(); row++) {
            int label = test.labels.label(row);
            if (train.counts[label] == 0) {
                throw test.labelsFile.invalid(
                        "the label of row " + row + " is " + label + ", which no training row has");
            }
        }
    }

    private Map<Split, SplitContent> asSent(Pair train, Pair test, int classes) {
        Map<Split, SplitContent> splits = new EnumMap<>(Split.class);
        splits.put(Split.TRAIN, store.put(train.images, train.labels, counts(train, classes)));
        splits.put(Split.TEST, store.put(test.images, test.labels, counts(test, classes)));
        return splits;
    }

    private Map<Split, SplitContent> heldOut(IdxSpec spec, Pair train, int classes, Path folder) throws IOException {
        double fraction = spec.validationFraction() == null ? IngestSpec.DEFAULT_FRACTION : spec.validationFraction();
        HoldOut holdOut = new HoldOut(counts(train, classes), fraction, spec.seed());
        try (PictureSplits splits = new PictureSplits(folder, classes, holdOut, train.images.rowShape())) {
            train.images.read((row, picture) -> splits.add(Split.TRAIN, picture, train.labels.label(row)));
            return splits.store(store, train.imagesFile);
        }
    }

    /** No label of either split is beyond the classes. */
    private static int[] counts(Pair pair, int classes) {
        return Arrays.copyOf(pair.counts, classes);
    }
}
