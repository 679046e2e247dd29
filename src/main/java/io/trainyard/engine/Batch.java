package io.trainyard.engine;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The feature and one-hot label arrays of one batch, filled again and again. */
final class Batch {

    private final INDArray features;
    private final INDArray oneHot;
    private final float[] featureValues;
    private final float[] oneHotValues;
    private final int[] labels;
    private final int classes;

    /**
     * @param shape of the features: [rows, …]
     */
    Batch(long[] shape, int classes) {
        this.labels = new int[(int) shape[0]];
        this.classes = classes;
        this.features = Nd4j.create(DataType.FLOAT, shape, 'c');
        this.oneHot = Nd4j.create(DataType.FLOAT, new long[] {labels.length, classes}, 'c');
        this.featureValues = new float[(int) features.length()];
        this.oneHotValues = new float[labels.length * classes];
    }

    /** Takes the rows of {@code order} from {@code start} on. */
    void fill(Examples examples, int[] order, int start) {
        int rowSize = featureValues.length / labels.length;
        Arrays.fill(oneHotValues, 0);
        for (int i = 0; i < labels.length; i++) {
            int row = order[start + i];
            examples.copyFeatures(row, featureValues, i * rowSize);
            labels[i] = examples.label(row);
            oneHotValues[i * classes + labels[i]] = 1;
        }
        features.data().asNioFloat().put(featureValues);
        oneHot.data().asNioFloat().put(oneHotValues);
    }

    int rows() {
        return labels.length;
    }

    /** The class index of row {@code i} of this batch. */
    int label(int i) {
        return labels[i];
    }

    INDArray features() {
        return features;
    }

    INDArray oneHot() {
        return oneHot;
    }
}
