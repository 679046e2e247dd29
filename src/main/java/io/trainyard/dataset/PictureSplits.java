package io.trainyard.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes pictures one after another, each into its split, and stores the splits. */
final class PictureSplits implements Closeable {

    private final SplitWriter train;
    private final SplitWriter test;
    private final @Nullable HoldOut holdOut;

    /**
     * @param folder for temporary files
     * @param holdOut which of the training pictures are held out; null where there are test pictures
     * @param rowShape of a picture
     */
    PictureSplits(Path folder, int classes, @Nullable HoldOut holdOut, int... rowShape) throws IOException {
        this.train = new SplitWriter(folder, Split.TRAIN, true, classes, rowShape);
        this.test = new SplitWriter(folder, Split.TEST, true, classes, rowShape);
        this.holdOut = holdOut;
    }

    /** Takes a picture that was sent for a split. */
    void add(Split sentFor, byte[] picture, int label) throws IOException {
        boolean heldOut = sentFor == Split.TEST || (holdOut != null && holdOut.next(label));
        (heldOut ? test : train).add(picture, label);
    }

    /**
     * Stores what was taken.
     *
     * @param file that is said to be at fault where a split is empty
     */
    Map<Split, SplitContent> store(SplitStore store, UploadedFile file) throws IOException {
        if (train.rows() == 0 || test.rows() == 0) {
            throw file.invalid("of its " + (train.rows() + test.rows()) + " pictures none would be "
                    + (test.rows() == 0 ? "held out" : "left to train with")
                    + "; change validation_fraction, or send more pictures, or such to test with");
        }
        Map<Split, SplitContent> splits = new EnumMap<>(Split.class);
        splits.put(Split.TRAIN, train.store(store));
        splits.put(Split.TEST, test.store(store));
        return splits;
    }

    /** Says which classes a split lacks. */
    static void warn(List<String> classes, Map<Split, SplitContent> splits, Warnings warnings) {
        splits.forEach((split, content) -> {
            for (int i = 0; i < classes.size(); i++) {
                if (content.classCounts().get(i) == 0) {
                    warnings.add("class '" + classes.get(i) + "' has no picture "
                            + (split == Split.TRAIN
                                    ? "to train with: it is never learned"
                                    : "held out: how well it is told is not measured"));
                }
            }
        });
    }

    @Override
    public void close() throws IOException {
        train.close();
        test.close();
    }
}
