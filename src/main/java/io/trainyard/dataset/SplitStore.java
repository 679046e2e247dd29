package io.trainyard.dataset;

import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Content;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Puts splits into the artifact store. */
@Component
class SplitStore {

    private final Artifacts artifacts;

    SplitStore(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    /** A split of features and labels as IDX files. */
    SplitContent put(Content features, Content labels, int rows, List<Integer> classCounts) {
        return new SplitContent(artifacts.put(features), artifacts.put(labels), rows, classCounts);
    }

    /**
     * A split of pictures, as its files are.
     *
     * @param counts rows of each class
     */
    SplitContent put(IdxFile images, IdxFile labels, int[] counts) {
        return put(
                out -> Files.copy(images.path(), out),
                out -> Files.copy(labels.path(), out),
                images.rows(),
                Arrays.stream(counts).boxed().toList());
    }

    /** A split whose labels are class indices. */
    SplitContent put(Content features, byte[] labels, int classes) {
        Artifact featureFile = artifacts.put(features);
        Artifact labelFile = artifacts.put(out -> Idx.writeBytes(out, labels, labels.length));
        int[] counts = new int[classes];
        for (byte label : labels) {
            counts[label & 0xff]++;
        }
        List<Integer> classCounts = new ArrayList<>();
        IntStream.of(counts).forEach(classCounts::add);
        return new SplitContent(featureFile, labelFile, labels.length, classCounts);
    }

    /** A split whose labels are numbers. */
    SplitContent put(Content features, float[] labels) {
        Artifact featureFile = artifacts.put(features);
        Artifact labelFile = artifacts.put(out -> Idx.writeFloats(out, labels, labels.length));
        return new SplitContent(featureFile, labelFile, labels.length, List.of());
    }
}
