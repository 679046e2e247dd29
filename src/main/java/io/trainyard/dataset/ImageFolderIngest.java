package io.trainyard.dataset;

import io.trainyard.encoding.PixelEncoding;
import io.trainyard.encoding.Target;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes rows of a zip of pictures, in two readings: the first finds out what folders there are and how much the zip unpacks
 * to, the second decodes the pictures. Memory grows with classes, not with pictures.
 */
@Component
class ImageFolderIngest implements Ingest<ImageFolderSpec> {

    private static final int MAX_PIXEL = 255;

    private final DatasetLimits limits;
    private final SplitStore store;

    ImageFolderIngest(DatasetLimits limits, SplitStore store) {
        this.limits = limits;
        this.store = store;
    }

    @Override
    public Ingested ingest(ImageFolderSpec spec, Map<String, UploadedFile> files, Path folder) throws IOException {
        if (spec.rowValues() > limits.rowValues()) {
            String detail = "a picture of " + spec.height() + " × " + spec.width() + " pixels and " + spec.channels()
                    + " channels has " + spec.rowValues() + " values; at most " + limits.rowValues() + " are taken";
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "spec: " + detail, List.of(new FieldError("/spec/height", detail)));
        }
        UploadedFile file = Objects.requireNonNull(files.get(ImageFolderSpec.ARCHIVE), "it is required");
        ZipEntries archive = new ZipEntries(file, limits);
        FolderProfile profile = new FolderProfile(archive, limits.classes());
        archive.read((entry, content) -> {
            PicturePath path = path(archive, entry);
            if (path != null) {
                profile.add(entry, path);
            }
        });
        List<String> classes = profile.classes(file);
        checkSize(spec, profile, file);
        Warnings warnings = new Warnings();
        if (profile.hasTestFolder() && spec.validationFraction() != null) {
            warnings.add("validation_fraction is not used: there is a folder test");
        }
        Map<Split, SplitContent> splits = decode(spec, archive, profile, classes, file, folder);
        PictureSplits.warn(classes, splits, warnings);
        PixelEncoding encoding =
                new PixelEncoding(List.of(spec.height(), spec.width(), spec.channels()), MAX_PIXEL, spec.divisor());
        return new Ingested(new DatasetContent(encoding, new Target.Classes(classes), splits), warnings.sentences());
    }

    private void checkSize(ImageFolderSpec spec, FolderProfile profile, UploadedFile file) {
        if (profile.pictures() > limits.rows()) {
            throw file.invalid("it holds " + profile.pictures() + " pictures; at most " + limits.rows() + " are taken");
        }
        long size = Math.multiplyFull(profile.pictures(), spec.rowValues());
        if (size > limits.storedSize().toBytes()) {
            throw file.invalid("its " + profile.pictures() + " pictures would become " + size + " bytes; at most "
                    + limits.storedSize().toBytes() + " are kept. Ask for a smaller height and width");
        }
    }

    private Map<Split, SplitContent> decode(
            ImageFolderSpec spec,
            ZipEntries archive,
            FolderProfile profile,
            List<String> classes,
            UploadedFile file,
            Path folder)
            throws IOException {
        double fraction = spec.validationFraction() == null ? IngestSpec.DEFAULT_FRACTION : spec.validationFraction();
        HoldOut holdOut =
                profile.hasTestFolder() ? null : new HoldOut(profile.trainCounts(classes), fraction, spec.seed());
        int[] rowShape = {spec.height(), spec.width(), spec.channels()};
        try (PictureSplits splits = new PictureSplits(folder, classes.size(), holdOut, rowShape);
                PictureDecoding decoding = new PictureDecoding(archive, spec, limits.pixels())) {
            archive.read((entry, content) -> {
                PicturePath path = path(archive, entry);
                if (path != null) {
                    Split split = path.split() == Split.TEST ? Split.TEST : Split.TRAIN;
                    int label = classes.indexOf(path.className());
                    decoding.add(entry, content.readAllBytes(), samples -> splits.add(split, samples, label));
                }
            });
            decoding.finish();
            return splits.store(store, file);
        }
    }

    private static @Nullable PicturePath path(ZipEntries archive, String entry) {
        try {
            return PicturePath.of(entry);
        } catch (InvalidFieldException elsewhere) {
            throw archive.invalid(entry, elsewhere.detail());
        }
    }
}
