package io.trainyard.diagnosis;

import io.trainyard.network.EarlyStopping;
import io.trainyard.network.LossSpec;
import io.trainyard.network.NetworkGraph;
import io.trainyard.training.EpochMetrics;
import io.trainyard.training.JobSpec;
import io.trainyard.training.JobStatus;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A job's curves so far, with what is needed to read them.
 *
 * @param epochs the finished ones, the first one first
 */
record Curves(JobSpec spec, NetworkGraph graph, JobStatus status, List<EpochMetrics> epochs, HeldOut heldOut) {

    static final String TRAIN_LOSS = "train_loss";
    static final String VAL_LOSS = "val_loss";

    private static final String VAL_R2 = "val_r2_score";

    static Curves of(JobSpec spec, JobStatus status, List<EpochMetrics> epochs, HeldOut heldOut) {
        return new Curves(spec, NetworkGraph.of(spec.network()), status, epochs, heldOut);
    }

    /** Epochs whose losses are numbers. */
    List<EpochMetrics> measured() {
        return epochs.stream()
                .filter(epoch -> isNumber(epoch.trainLoss()) && isNumber(epoch.valLoss()))
                .toList();
    }

    private static boolean isNumber(@Nullable Double loss) {
        return loss != null && Double.isFinite(loss);
    }

    int length() {
        return measured().size();
    }

    Series trainLoss() {
        return series(TRAIN_LOSS, EpochMetrics::trainLoss);
    }

    Series valLoss() {
        return series(VAL_LOSS, EpochMetrics::valLoss);
    }

    private Series series(String metric, Function<EpochMetrics, @Nullable Double> value) {
        return new Series(
                metric,
                measured().stream()
                        .map(value)
                        .mapToDouble(number -> number == null ? Double.NaN : number)
                        .toArray());
    }

    Evidence evidence(Series series, int index, String text) {
        return new Evidence(series.metric(), measured().get(index).epoch(), series.values()[index], text);
    }

    Evidence lastOf(Series series, String text) {
        return evidence(series, series.length() - 1, text);
    }

    /**
     * The validation loss of who knows nothing but how frequent each class is (the entropy of the classes); null where a
     * number is asked for, or all held-out rows are of one class.
     */
    @Nullable
    Double guesser() {
        if (heldOut.classCounts().isEmpty()) {
            return null;
        }
        double loss = guessersLoss();
        return loss > 0 ? Double.valueOf(loss) : null;
    }

    private double guessersLoss() {
        double[] shares = heldOut.shares();
        int outputs = graph.output().outputShape().size();
        if (spec.training().loss() instanceof LossSpec.BinaryCrossentropy) {
            return outputs == 1
                    ? entropy(shares[0]) + entropy(1 - shares[0])
                    : Arrays.stream(shares)
                            .map(share -> entropy(share) + entropy(1 - share))
                            .average()
                            .orElseThrow();
        }
        return Arrays.stream(shares).map(Curves::entropy).sum();
    }

    private static double entropy(double share) {
        return share == 0 ? 0 : -share * Math.log(share);
    }

    /**
     * What is still to be learned at the end: the validation loss as a share of a guesser's. Where a number is asked for, 1 −
     * R², which is that share of who always tells the mean, by squared errors. Null where neither is known.
     */
    @Nullable
    Double remaining() {
        Double guesser = guesser();
        if (guesser != null) {
            return valLoss().last() / guesser;
        }
        List<EpochMetrics> measured = measured();
        Double r2 = measured.get(measured.size() - 1).figures().get(VAL_R2);
        return r2 == null ? null : Double.valueOf(1 - r2);
    }

    /** How many times the training loss the validation loss is at the end. */
    double gap() {
        return valLoss().arrived() / trainLoss().arrived();
    }

    /** Whether both losses have come to rest. */
    boolean haveFlattened() {
        return trainLoss().recentFall() < Thresholds.IMPROVES && valLoss().recentFall() < Thresholds.IMPROVES;
    }

    /** Whether the weights that are published are the best epoch's. */
    boolean keepsBestWeights() {
        EarlyStopping stopping = spec.training().earlyStopping();
        return stopping != null && stopping.restoreBestWeights();
    }
}
