package io.trainyard.training;

import io.opentelemetry.api.trace.Span;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Split;
import io.trainyard.engine.BatchObserver;
import io.trainyard.engine.Device;
import io.trainyard.engine.EpochResult;
import io.trainyard.engine.Evaluation;
import io.trainyard.engine.Examples;
import io.trainyard.engine.Position;
import io.trainyard.engine.TrainingSession;
import io.trainyard.model.ModelVersion;
import io.trainyard.network.EarlyStopping;
import io.trainyard.network.LearningRate;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.problem.FileFaults;
import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one job: goes on from the last checkpoint, fits and evaluates each epoch that is left, then publishes.
 */
final class TrainingRun {

    private final Lease lease;
    private final JobSpec spec;
    private final JobRow job;
    private final DatasetVersion dataset;
    private final RunServices services;
    private final BooleanSupplier workerStopping;
    private final DatabaseRetry retry;
    private final RunLog log;

    TrainingRun(Lease lease, JobRow job, DatasetVersion dataset, RunServices services, BooleanSupplier workerStopping) {
        this.lease = lease;
        this.job = job;
        this.spec = services.json().readValue(job.spec, JobSpec.class);
        this.dataset = dataset;
        this.services = services;
        this.workerStopping = workerStopping;
        this.retry = new DatabaseRetry(workerStopping);
        this.log = new RunLog(lease, retry);
    }

    /**
     * @throws JobFailedException when the job cannot succeed
     * @throws JobCancelledException when its user has cancelled it
     * @throws JobPausedException when its user has paused it
     * @throws LeaseLostException when another attempt has begun
     * @throws WorkerStoppingException when this process is to end
     */
    void run() {
        Examples train = new JobExamples(services.datasets().open(dataset, Split.TRAIN));
        Examples test = new JobExamples(services.datasets().open(dataset, Split.TEST));
        Device device = services.engine().device();
        log.add(
                "attempt %d on %s (%s, %d threads, oneDNN %s)",
                lease.attempt(),
                device.name(),
                device.backend(),
                device.threads(),
                device.onednn() ? "in use" : "not in use");
        if (device.warning() != null) {
            log.add("%s", device.warning());
        }
        log.add(
                "dataset %s version %d: %d training rows, %d held out",
                dataset.name(), dataset.version(), train.count(), test.count());
        try (TrainingSession session = begin()) {
            retry.run(() -> lease.begin(session.position()));
            Evaluation evaluation = fit(session, train, test);
            Publication publication = new Publication(
                    lease, spec, services.json().readTree(Objects.requireNonNull(job.summary)), dataset, services);
            services.traces().step("publish", () -> publication.publish(session, evaluation, retry));
        }
    }

    /** A session at the last checkpoint that is whole, or at the start. */
    private TrainingSession begin() {
        NetworkGraph graph = NetworkGraph.of(spec.network());
        for (SavedCheckpoint saved : retry.call(lease::checkpoints)) {
            TrainingSession session = session(graph);
            if (isResumed(session, saved)) {
                return session;
            }
            session.close();
        }
        TrainingSession session = session(graph);
        NetworkSpec.BaseVersion base = spec.network().base();
        if (base != null) {
            try {
                adopt(session, base);
            } catch (RuntimeException failed) {
                session.close();
                throw failed;
            }
        }
        return session;
    }

    private boolean isResumed(TrainingSession session, SavedCheckpoint saved) {
        Position position = saved.position();
        try {
            session.resume(services.checkpoints().verified(lease.jobId(), saved.file(), saved.artifact()));
            log.add(
                    "goes on after epoch %d, batch %d, from the checkpoint of attempt %d",
                    position.epoch(), position.iteration(), saved.attempt());
            return true;
        } catch (IOException | ProblemException unusable) {
            log.add(
                    "the checkpoint after epoch %d, batch %d, is not used: %s",
                    position.epoch(), position.iteration(), FileFaults.reason(unusable));
            return false;
        }
    }

    private TrainingSession session(NetworkGraph graph) {
        return services.engine().train(graph, spec.training(), dataset.target().classes());
    }

    /** Begins with the weights of the version that the job goes on from. */
    private void adopt(TrainingSession session, NetworkSpec.BaseVersion base) {
        ModelVersion version = services.models().get(base.model(), base.version());
        NetworkGraph trained = NetworkGraph.of(services.blueprints().trained(version));
        Set<String> layers = new LinkedHashSet<>();
        for (NetworkGraph.Node node : trained.nodes()) {
            layers.add(node.name());
            if (node.name().equals(base.until())) {
                break;
            }
        }
        try {
            session.adopt(services.models().artifact(version), trained, layers);
        } catch (IOException e) {
            throw new JobFailedException("the weights of " + base.model() + " version " + base.version()
                    + " cannot be taken over: " + FileFaults.reason(e));
        }
        log.add("begins with the weights of %s version %d up to '%s'", base.model(), base.version(), base.until());
    }

    /** Fits all epochs that are left; returns the evaluation of the weights that the session then has. */
    private Evaluation fit(TrainingSession session, Examples train, Examples test) {
        int batches = spec.training().iterations(train.count());
        RunControl control = new RunControl(
                lease,
                session::position,
                session::checkpoint,
                retry,
                workerStopping,
                services,
                spec.maxRuntimeSeconds(),
                job.runtimeSeconds);
        BatchObserver observer = (iteration, iterations) -> control.afterBatch(batches);
        LearningRate learningRate = new LearningRate(spec.training());
        EarlyStopping stopping = spec.training().earlyStopping();
        BestEpoch best = stopping == null ? null : new BestEpoch(stopping);
        for (EpochMetricsRow row : retry.call(() -> services.epochs().findByJobIdOrderByEpoch(lease.jobId()))) {
            Map<String, Double> figures = EpochMetrics.of(row, services.json()).figures();
            learningRate.epochEnded(figures);
            if (best != null) {
                best.improvedBy(row.epoch, figures);
            }
        }
        Evaluation evaluation = null;
        while (!isDone(session, best)) {
            Epoch epoch = services.traces()
                    .step("epoch", () -> recorded(fitEpoch(session, train, test, learningRate, observer), control));
            evaluation = epoch.evaluation();
            if (epoch.diverged()) {
                throw new JobFailedException("diverged: the loss became NaN in epoch " + epoch.number()
                        + "; lower the learning rate, or set clipnorm in the optimizer");
            }
            learningRate.epochEnded(epoch.figures());
            if (best != null && best.improvedBy(epoch.number(), epoch.figures())) {
                session.keepWeights();
            }
            session.endEpoch();
            if (!isDone(session, best)) {
                control.afterEpoch(batches);
            }
        }
        if (best != null && restore(session, best)) {
            evaluation = null;
        }
        return evaluation == null ? evaluate(session, test, observer) : evaluation;
    }

    private boolean isDone(TrainingSession session, @Nullable BestEpoch best) {
        int epoch = session.position().epoch();
        return epoch == spec.training().epochs() || (epoch > 0 && best != null && best.isExhausted(epoch));
    }

    /** Goes back to the best epoch's weights where that is asked for; returns whether they are others. */
    private boolean restore(TrainingSession session, BestEpoch best) {
        int epoch = session.position().epoch();
        EarlyStopping stopping = best.stopping();
        if (epoch < spec.training().epochs()) {
            log.add(
                    "stopped early: %s is no better since epoch %d",
                    stopping.monitor().name(), best.number());
        }
        if (!stopping.restoreBestWeights() || best.number() == 0 || best.number() == epoch) {
            return false;
        }
        session.restoreWeights();
        log.add("the weights of epoch %d are restored", best.number());
        return true;
    }

    private Epoch fitEpoch(
            TrainingSession session, Examples train, Examples test, LearningRate learningRate, BatchObserver observer) {
        Position from = session.position();
        long begun = System.nanoTime();
        EpochResult result = session.fitEpoch(train, learningRate::at, observer);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long rows = Math.max(
                0, train.count() - (long) from.iteration() * spec.training().batchSize());
        services.meters().fitted(rows, seconds, result.dataWaitSeconds());
        Evaluation evaluation = result.diverged() ? null : evaluate(session, test, observer);
        return new Epoch(from.epoch() + 1, result, evaluation, seconds, rows / seconds);
    }

    private Evaluation evaluate(TrainingSession session, Examples test, BatchObserver observer) {
        long begun = System.nanoTime();
        Evaluation evaluation = services.traces().step("evaluate", () -> session.evaluate(test, observer));
        services.meters().evaluated((System.nanoTime() - begun) / 1e9);
        return evaluation;
    }

    private Epoch recorded(Epoch epoch, RunControl control) {
        Span.current()
                .setAttribute("trainyard.epoch", epoch.number())
                .setAttribute("trainyard.loss", epoch.result().loss())
                .setAttribute("trainyard.rows_per_second", epoch.rowsPerSecond())
                .setAttribute("trainyard.data_wait_seconds", epoch.result().dataWaitSeconds());
        String metrics = services.json().writeValueAsString(epoch.metrics());
        double runtime = control.runtime();
        retry.run(() -> lease.epoch(epoch, metrics, runtime));
        StringBuilder figures = new StringBuilder();
        epoch.figures().forEach((name, value) -> figures.append(String.format(Locale.ROOT, "%s %.4f, ", name, value)));
        log.add(
                "epoch %d/%d: %slearning rate %.3g, %.1f s%s",
                epoch.number(),
                spec.training().epochs(),
                figures,
                epoch.result().learningRate(),
                epoch.seconds(),
                epoch.isStarved()
                        ? String.format(
                                Locale.ROOT,
                                ", of which %.1f s waiting for rows",
                                epoch.result().dataWaitSeconds())
                        : "");
        return epoch;
    }
}
