package io.trainyard.engine;

import java.util.List;

/**
 * How a network does on rows that it was not fitted to.
 *
 * @param loss the mean over the rows
 * @param accuracy from 0 to 1
 * @param confusion rows of class i that were taken for class j
 * @param mistakes the worst first: wrong, and sure of it
 */
public record Evaluation(double loss, double accuracy, List<List<Integer>> confusion, List<Mistake> mistakes) {

    /**
     * A row that was predicted wrongly.
     *
     * @param row its index in the split
     * @param label the right class index
     * @param predicted the class index that the network preferred
     * @param probability that the network gave the predicted class
     */
    public record Mistake(int row, int label, int predicted, double probability) {}
}
