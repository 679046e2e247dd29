package io.trainyard.engine;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The features and targets of one batch, filled again and again. */
final class Batch {

    private final INDArray features;
    private final INDArray labels;
    private final float[] values;
    private final float[] targets;
    private final int rowSize;

    /**
     * @param shape of the features: [rows, …]
     */
    Batch(long[] shape) {
        this.features = Nd4j.create(DataType.FLOAT, shape, 'c');
        this.labels = Nd4j.zeros(DataType.FLOAT, shape[0], 1);
        this.values = new float[Math.toIntExact(features.length())];
        this.targets = new float[(int) shape[0]];
        this.rowSize = values.length / targets.length;
    }

    /** Takes a row of the examples as row {@code i}. */
    void read(int i, Examples examples, int row) {
        examples.copyFeatures(row, values, i * rowSize);
        targets[i] = examples.target(row);
    }

    /** Changes row {@code i} at random. */
    void change(int i, Augmenter augmenter, SplittableRandom random) {
        augmenter.change(values, i * rowSize, random);
    }

    /** Brings the rows into the array. */
    void flush() {
        features.data().asNioFloat().put(values);
    }

    int rows() {
        return targets.length;
    }

    INDArray features() {
        return features;
    }

    /** What DL4J has to be given as labels; the loss takes the targets instead. */
    INDArray labels() {
        return labels;
    }

    /** The class index or number of each row. */
    float[] targets() {
        return targets;
    }
}
