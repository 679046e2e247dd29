package io.trainyard.training;

import io.trainyard.artifact.Artifact;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Split;
import io.trainyard.engine.Device;
import io.trainyard.engine.EpochResult;
import io.trainyard.engine.Evaluation;
import io.trainyard.engine.Examples;
import io.trainyard.engine.TrainingSession;
import io.trainyard.model.ClassificationEvaluation;
import io.trainyard.model.DatasetReference;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.RegressionEvaluation;
import io.trainyard.model.VersionEvaluation;
import io.trainyard.network.EarlyStopping;
import io.trainyard.network.LearningRate;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import tools.jackson.databind.JsonNode;

/** One attempt of one job: fits and evaluates each epoch, then publishes. */
final class TrainingRun {

    /** How often, at most, progress is written and a cancel looked for. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

    private final Lease lease;
    private final JobSpec spec;
    private final JsonNode summary;
    private final DatasetVersion dataset;
    private final RunServices services;
    private final BooleanSupplier workerStopping;
    private final long startedAt = System.nanoTime();
    private long progressWrittenAt = startedAt - PROGRESS_INTERVAL.toNanos();

    TrainingRun(
            Lease lease,
            JobSpec spec,
            JsonNode summary,
            DatasetVersion dataset,
            RunServices services,
            BooleanSupplier workerStopping) {
        this.lease = lease;
        this.spec = spec;
        this.summary = summary;
        this.dataset = dataset;
        this.services = services;
        this.workerStopping = workerStopping;
    }

    /**
     * @throws JobFailedException when the job cannot succeed
     * @throws JobCancelledException when its user has cancelled it
     * @throws LeaseLostException when another attempt has begun
     * @throws WorkerStoppingException when this process is to end
     */
    void run() {
        List<String> classes = dataset.target().classes();
        Examples train = new JobExamples(services.datasets().open(dataset, Split.TRAIN));
        Examples test = new JobExamples(services.datasets().open(dataset, Split.TEST));
        Device device = services.engine().device();
        log(
                "attempt %d on %s (%s, %d threads, oneDNN %s)",
                lease.attempt(),
                device.name(),
                device.backend(),
                device.threads(),
                device.onednn() ? "in use" : "not in use");
        log(
                "dataset %s version %d: %d training rows, %d held out",
                dataset.name(), dataset.version(), train.count(), test.count());
        NetworkGraph graph = NetworkGraph.of(spec.network());
        try (TrainingSession session = services.engine().train(graph, spec.training(), classes)) {
            NetworkSpec.BaseVersion base = spec.network().base();
            if (base != null) {
                adopt(session, base);
            }
            publish(session, fit(session, train, test));
        }
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
                    + " cannot be taken over: " + e.getMessage());
        }
        log("begins with the weights of %s version %d up to '%s'", base.model(), base.version(), base.until());
    }

    /** Fits all epochs; returns the evaluation of the weights that the session then has. */
    private Evaluation fit(TrainingSession session, Examples train, Examples test) {
        int epochs = spec.training().epochs();
        LearningRate learningRate = new LearningRate(spec.training());
        EarlyStopping stopping = spec.training().earlyStopping();
        BestEpoch best = stopping == null ? null : new BestEpoch(stopping);
        for (int number = 1; ; number++) {
            Epoch epoch = fitEpoch(session, train, test, learningRate, number);
            Evaluation evaluation = epoch.evaluation();
            if (epoch.diverged() || evaluation == null) {
                record(epoch);
                throw new JobFailedException("diverged: the loss became NaN in epoch " + number
                        + "; lower the learning rate, or set clipnorm in the optimizer");
            }
            record(epoch);
            learningRate.epochEnded(epoch.figures());
            if (best != null && best.improvedBy(epoch)) {
                session.keepWeights();
            }
            if (number == epochs || (best != null && best.isExhausted(number))) {
                if (best == null || stopping == null) {
                    return evaluation;
                }
                return stop(session, stopping, best, number, evaluation);
            }
        }
    }

    private Evaluation stop(
            TrainingSession session, EarlyStopping stopping, BestEpoch best, int epoch, Evaluation evaluation) {
        if (epoch < spec.training().epochs()) {
            log("stopped early: %s is no better since epoch %d", stopping.monitor(), best.number());
        }
        if (!stopping.restoreBestWeights() || best.number() == epoch) {
            return evaluation;
        }
        session.restoreWeights();
        log("the weights of epoch %d are restored", best.number());
        return best.evaluation();
    }

    private Epoch fitEpoch(
            TrainingSession session, Examples train, Examples test, LearningRate learningRate, int number) {
        long begun = System.nanoTime();
        EpochResult result = session.fitEpoch(train, learningRate::at, (iteration, iterations) -> {
            if (iteration == iterations) {
                progress(number, 0, iterations);
            } else if (System.nanoTime() - progressWrittenAt >= PROGRESS_INTERVAL.toNanos()) {
                progress(number - 1, iteration, iterations);
            }
        });
        double seconds = (System.nanoTime() - begun) / 1e9;
        Evaluation evaluation = result.diverged() ? null : session.evaluate(test);
        return new Epoch(number, result, evaluation, seconds, train.count() / seconds);
    }

    /** Writes, and while PostgreSQL is away tries again: what was trained must not be lost to a restart of it. */
    private void persist(Runnable write) {
        while (true) {
            try {
                write.run();
                return;
            } catch (DataAccessResourceFailureException
                    | TransientDataAccessException
                    | CannotCreateTransactionException databaseAway) {
                log.warn("{}: PostgreSQL is away, trying again: {}", lease, databaseAway.getMessage());
                if (workerStopping.getAsBoolean()) {
                    throw databaseAway;
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private void progress(int epoch, int iteration, int iterations) {
        if (workerStopping.getAsBoolean()) {
            throw new WorkerStoppingException();
        }
        persist(() -> lease.progress(epoch, iteration, iterations));
        progressWrittenAt = System.nanoTime();
        Integer limit = spec.maxRuntimeSeconds();
        if (limit != null
                && progressWrittenAt - startedAt > Duration.ofSeconds(limit).toNanos()) {
            throw new JobFailedException(
                    "stopped: max_runtime_seconds, " + limit + ", has passed in epoch " + (epoch + 1));
        }
    }

    private void record(Epoch epoch) {
        String metrics = services.json().writeValueAsString(epoch.metrics());
        persist(() -> lease.epoch(epoch, metrics));
        StringBuilder figures = new StringBuilder();
        epoch.figures().forEach((name, value) -> figures.append(String.format(Locale.ROOT, "%s %.4f, ", name, value)));
        log(
                "epoch %d/%d: %slearning rate %.3g, %.1f s",
                epoch.number(),
                spec.training().epochs(),
                figures,
                epoch.result().learningRate(),
                epoch.seconds());
    }

    /** Bytes first; then, in one transaction, the version and the end of the job. */
    private void publish(TrainingSession session, Evaluation evaluation) {
        Artifact artifact = services.artifacts().put(session::save);
        Models.Candidate candidate = new Models.Candidate(
                spec.model(),
                lease.jobId(),
                new DatasetReference(dataset.name(), dataset.version(), dataset.sha256()),
                services.json().valueToTree(spec),
                summary,
                spec.training().seed(),
                dataset.encoding(),
                dataset.target(),
                evaluation(evaluation),
                artifact);
        persist(() -> services.transaction().executeWithoutResult(status -> {
            lease.lock();
            int version = services.models().publish(candidate);
            lease.log("published as version " + version + " of model '" + spec.model() + "', artifact "
                    + artifact.sha256());
            lease.succeeded(version);
        }));
    }

    private VersionEvaluation evaluation(Evaluation evaluation) {
        List<String> classes = dataset.target().classes();
        if (evaluation.report() instanceof Evaluation.Numbers numbers) {
            return new RegressionEvaluation(
                    evaluation.loss(),
                    evaluation.metrics(),
                    numbers.meanAbsoluteError(),
                    numbers.rootMeanSquaredError(),
                    numbers.r2Score(),
                    numbers.worst().stream()
                            .map(miss -> new RegressionEvaluation.Miss(miss.row(), miss.target(), miss.predicted()))
                            .toList());
        }
        Evaluation.Classes report = (Evaluation.Classes) evaluation.report();
        return ClassificationEvaluation.of(
                evaluation.loss(),
                evaluation.metrics(),
                classes,
                report.confusion(),
                report.calibration().stream()
                        .map(bin -> new ClassificationEvaluation.Bin(
                                bin.from(), bin.to(), bin.rows(), bin.confidence(), bin.accuracy()))
                        .toList(),
                report.mistakes().stream()
                        .map(mistake -> new ClassificationEvaluation.Mistake(
                                mistake.row(),
                                classes.get(mistake.label()),
                                classes.get(mistake.predicted()),
                                mistake.probability()))
                        .toList());
    }

    private void log(String format, Object... arguments) {
        persist(() -> lease.log(String.format(Locale.ROOT, format, arguments)));
    }
}
