package io.trainyard.engine;

import io.trainyard.network.NetworkSpec;
import io.trainyard.network.TrainingSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One network being trained. The same spec, seed and rows give the same weights, bit by bit, on the same kind of device:
 * initial weights, shuffling and dropout come from the seed alone, the latter two anew for each epoch.
 */
public final class TrainingSession implements AutoCloseable {

    private static final int EVALUATION_BATCH = 256;
    private static final int MAX_MISTAKES = 100;

    private final NetworkSpec spec;
    private final TrainingSpec training;
    private final MultiLayerNetwork network;
    private final LogitsListener logits = new LogitsListener();
    private @Nullable Batches batches;
    private @Nullable INDArray snapshot;

    TrainingSession(NetworkSpec spec, TrainingSpec training) {
        this.spec = spec;
        this.training = training;
        this.network = new MultiLayerNetwork(NetworkBuilder.training(spec, training));
        network.init();
        GlorotUniform.initialise(network, training.seed());
        network.setListeners(logits);
    }

    /**
     * Fits one pass over all rows.
     *
     * @param epoch counted from 0
     * @return its metrics; the epoch ends early when the loss is no longer finite
     */
    public EpochResult fitEpoch(int epoch, Examples examples, BatchObserver observer) {
        network.setEpochCount(epoch);
        network.getLayerWiseConfigurations().setEpochCount(epoch);
        Nd4j.getRandom().setSeed(mix(training.seed(), epoch));
        int[] order = order(epoch, examples.count());
        int batchSize = training.batchSize();
        int iterations = (order.length + batchSize - 1) / batchSize;
        Scores scores = new Scores(training.loss());
        for (int i = 0; i < iterations; i++) {
            int start = i * batchSize;
            Batch batch = batches(examples).take(examples, order, start, Math.min(batchSize, order.length - start));
            network.fit(batch.features(), batch.oneHot());
            float[] probabilities = logits.take();
            Scores.softmax(probabilities, examples.classes());
            for (int row = 0; row < batch.rows(); row++) {
                scores.add(probabilities, row, examples.classes(), batch.label(row));
            }
            if (!Double.isFinite(scores.meanLoss())) {
                break;
            }
            observer.afterBatch(i + 1, iterations);
        }
        return new EpochResult(scores.meanLoss(), scores.accuracy());
    }

    /** Runs the network, as it is now, over all rows. */
    public Evaluation evaluate(Examples examples) {
        int classes = examples.classes();
        int[] order = IntStream.range(0, examples.count()).toArray();
        int[][] confusion = new int[classes][classes];
        List<Evaluation.Mistake> mistakes = new ArrayList<>();
        Scores scores = new Scores(training.loss());
        for (int start = 0; start < order.length; start += EVALUATION_BATCH) {
            Batch batch =
                    batches(examples).take(examples, order, start, Math.min(EVALUATION_BATCH, order.length - start));
            float[] probabilities = values(network.output(batch.features(), false));
            for (int row = 0; row < batch.rows(); row++) {
                int label = batch.label(row);
                int predicted = scores.add(probabilities, row, classes, label);
                confusion[label][predicted]++;
                if (predicted != label) {
                    mistakes.add(new Evaluation.Mistake(
                            start + row, label, predicted, probabilities[row * classes + predicted]));
                }
            }
        }
        return new Evaluation(
                scores.meanLoss(),
                scores.accuracy(),
                Arrays.stream(confusion)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                mistakes.stream()
                        .sorted(Comparator.comparingDouble(Evaluation.Mistake::probability)
                                .reversed())
                        .limit(MAX_MISTAKES)
                        .toList());
    }

    /** Keeps a copy of the weights as they are now, in place of the one before. */
    public void keepWeights() {
        snapshot = network.params().dup();
    }

    /** Goes back to the weights that were kept last. */
    public void restoreWeights() {
        if (snapshot != null) {
            network.params().assign(snapshot);
        }
    }

    /** Writes the network, without the optimizer's state, as a DL4J zip. */
    public void save(OutputStream out) throws IOException {
        ModelArchive.write(NetworkBuilder.inference(spec, training.loss()), network.params(), out);
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        network.close();
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        // ND4J frees arrays when their Java objects are collected.
        System.gc();
    }

    private Batches batches(Examples examples) {
        if (batches == null) {
            batches = new Batches(NetworkBuilder.inputShape(spec), examples.classes());
        }
        return batches;
    }

    private int[] order(int epoch, int count) {
        int[] order = IntStream.range(0, count).toArray();
        if (training.shuffle()) {
            SplittableRandom random = new SplittableRandom(mix(training.seed(), epoch));
            for (int i = count - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
        }
        return order;
    }

    /** A seed for an epoch that has nothing in common with those of other epochs. */
    private static long mix(long seed, int epoch) {
        return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (epoch + 1L)).nextLong();
    }

    private static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    /** Takes the input of the loss layer, the logits, out of each forward pass. */
    private static final class LogitsListener extends BaseTrainingListener {

        private float @Nullable [] last;

        @Override
        public void onForwardPass(Model model, @Nullable List<INDArray> activations) {
            if (activations != null) {
                last = values(activations.get(activations.size() - 1));
            }
        }

        float[] take() {
            float[] taken = last;
            last = null;
            if (taken == null) {
                throw new IllegalStateException("no forward pass was seen");
            }
            return taken;
        }
    }
}
