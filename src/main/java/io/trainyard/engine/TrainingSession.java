package io.trainyard.engine;

import io.trainyard.engine.graph.Network;
import io.trainyard.engine.graph.PlacedWeight;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSummary;
import io.trainyard.network.TrainingSpec;
import io.trainyard.network.layer.Activation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One network being trained. The same spec, seed and rows give the same weights, bit by bit, on the same kind of device
 * with as many threads: initial weights, shuffling, dropout and augmentation come from the seed and the position alone.
 * So a session that takes up another's checkpoint goes on as that one would have.
 */
public final class TrainingSession implements AutoCloseable {

    private final NetworkGraph spec;
    private final TrainingSpec training;
    private final int classes;
    private final Objective objective;
    private final BatchLoss batchLoss;
    private final Network network;
    private final Computation computation;
    private final WeightUpdate update;
    private final InputPipeline pipeline;
    private final @Nullable Augmenter augmenter;
    private Figures figures;
    /** The weights that were kept last; null where none will be asked for. */
    private final @Nullable INDArray kept;

    private Position position = Position.START;

    /**
     * @param classNames in the order of the labels' indices; empty where targets are numbers
     */
    TrainingSession(NetworkGraph spec, TrainingSpec training, List<String> classNames) {
        this(spec, training, classNames, Computation::of);
    }

    /** Computed in a certain way. */
    TrainingSession(
            NetworkGraph spec, TrainingSpec training, List<String> classNames, Computation.Factory computations) {
        this.spec = spec;
        this.training = training;
        this.classes = classNames.size();
        Activation activation = spec.output().layer().outputActivation();
        this.objective = new Objective(
                training.loss(),
                activation,
                classes,
                spec.output().outputShape().size());
        this.batchLoss = new BatchLoss(objective, classWeights(training, classNames));
        this.network = Network.training(spec, batchLoss);
        network.initialise(training.seed());
        this.update = new WeightUpdate(network, training.optimizer());
        this.computation = computations.of(spec, network, training.batchSize());
        this.pipeline = new InputPipeline(spec.inputShape());
        this.figures = new Figures(training.metrics(), classes);
        this.kept = restoresBest(training) ? network.graph().params().dup() : null;
        this.augmenter =
                training.augmentation() == null ? null : new Augmenter(training.augmentation(), spec.inputShape());
    }

    private static boolean restoresBest(TrainingSpec training) {
        return training.earlyStopping() != null && training.earlyStopping().restoreBestWeights();
    }

    private static double[] classWeights(TrainingSpec training, List<String> classNames) {
        return classNames.stream()
                .mapToDouble(name -> training.classWeight().getOrDefault(name, 1.0))
                .toArray();
    }

    /**
     * Takes over weights that were trained before.
     *
     * @param artifact that {@link #save} wrote
     * @param trained the network that it holds
     * @param layers the names of the layers whose weights are taken; they are the same in both networks
     */
    public void adopt(Path artifact, NetworkGraph trained, Set<String> layers) throws IOException {
        try (Network source = ModelArchive.read(artifact, trained)) {
            for (PlacedWeight weight : network.weights()) {
                if (layers.contains(weight.node())) {
                    weight.set(
                            source.weight(weight.node(), weight.weight().name()).get());
                }
            }
        }
    }

    /** How far it is. After an epoch's last batch it stays at that batch until {@link #endEpoch}. */
    public Position position() {
        return position;
    }

    /**
     * Fits one pass over all rows, or what is left of it at the current position.
     *
     * @param learningRate of each step, by its position in epochs from the start of the training
     * @return its metrics; the epoch ends early when the loss is no longer finite
     */
    public EpochResult fitEpoch(Examples examples, DoubleUnaryOperator learningRate, BatchObserver observer) {
        int epoch = position.epoch();
        int first = position.iteration();
        if (first == 0) {
            figures = new Figures(training.metrics(), classes);
        }
        long seed = Seeds.of(training.seed(), epoch);
        int count = examples.count();
        int iterations = training.iterations(count);
        int from = (int) Math.min((long) first * training.batchSize(), count);
        Pass left = new Pass(order(seed, count), from, training.batchSize(), augmenter, seed);
        float[] answer = new float[objective.answers()];
        double[] last = {learningRate.applyAsDouble(epoch + (double) Math.max(0, first - 1) / iterations)};
        Duration waited = pipeline.forEach(examples, left, (index, batch) -> {
            int i = first + index;
            last[0] = learningRate.applyAsDouble(epoch + (double) i / iterations);
            double penalty = update.penalty();
            computation.gradient(batch, batchLoss, Seeds.of(seed, i));
            update.apply(last[0], (long) epoch * iterations + i);
            for (int row = 0; row < batch.rows(); row++) {
                int offset = row * objective.outputs();
                objective.answer(batchLoss.predictions(), offset, answer);
                figures.add(batchLoss.losses()[row] + penalty, answer, 0, answer.length, batch.targets()[row]);
            }
            if (!Double.isFinite(figures.loss())) {
                return false;
            }
            position = new Position(epoch, i + 1);
            observer.afterBatch(i + 1, iterations);
            return true;
        });
        return new EpochResult(figures.loss(), figures.metrics(), last[0], waited.toNanos() / 1e9);
    }

    /** Moves on to the next epoch. */
    public void endEpoch() {
        position = new Position(position.epoch() + 1, 0);
    }

    /** Runs the network, as it is now, over all rows. */
    public Evaluation evaluate(Examples examples, BatchObserver observer) {
        int rows = computation.inferenceRows(NetworkSummary.EVALUATION_BATCH);
        Pass pass = Pass.over(new RowOrder.Stored(examples.count()), rows);
        double penalty = update.penalty();
        Figures held = new Figures(training.metrics(), classes);
        Reporter reporter = Reporter.of(classes);
        float[] answer = new float[objective.answers()];
        pipeline.forEach(examples, pass, (i, batch) -> {
            float[] outputs = computation.infer(batch);
            float[] predictions = new float[outputs.length];
            for (int row = 0; row < batch.rows(); row++) {
                int offset = row * objective.outputs();
                float target = batch.targets()[row];
                objective.predict(outputs, predictions, offset);
                objective.answer(predictions, offset, answer);
                double loss = objective.loss(outputs, predictions, offset, target);
                held.add(loss + penalty, answer, 0, answer.length, target);
                reporter.add(i * rows + row, answer, target);
            }
            observer.afterBatch(i + 1, pass.batches());
            return true;
        });
        return new Evaluation(held.loss(), held.metrics(), reporter.report());
    }

    /** Keeps a copy of the weights as they are now, in place of the one before, where early stopping asks for it. */
    public void keepWeights() {
        if (kept != null) {
            kept.assign(network.graph().params());
        }
    }

    /** Goes back to the weights that were kept last. */
    public void restoreWeights() {
        if (kept != null) {
            network.graph().params().assign(kept);
        }
    }

    /** Writes all that {@link #resume} needs; between batches, or after an epoch. */
    public void checkpoint(OutputStream out) throws IOException {
        Checkpoint.write(out, position, state(), figures);
    }

    /**
     * Takes up what another session of the same spec wrote, and goes on from its position. When it fails the session is
     * of no use.
     */
    public void resume(Path checkpoint) throws IOException {
        position = Checkpoint.read(Files.newInputStream(checkpoint), state(), figures);
    }

    private List<INDArray> state() {
        return Stream.concat(
                        Stream.of(network.graph().params(), kept).filter(Objects::nonNull), update.state().stream())
                .toList();
    }

    /** Writes the network, without the optimizer's state, as a DL4J zip. */
    public void save(OutputStream out) throws IOException {
        try (Network published = ModelArchive.network(spec, training.loss())) {
            published.copyFrom(network);
            ModelArchive.write(published, out);
        }
    }

    /** The weights, by the spec's names. */
    List<PlacedWeight> weights() {
        return network.weights();
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        pipeline.close();
        computation.close();
        network.close();
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    }

    private RowOrder order(long seed, int count) {
        return training.shuffle()
                ? RowOrder.shuffled(seed, count, training.shuffleBuffer())
                : new RowOrder.Stored(count);
    }
}
