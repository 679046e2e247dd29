package io.trainyard.training;

import io.trainyard.artifact.Artifact;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Split;
import io.trainyard.engine.Device;
import io.trainyard.engine.EpochResult;
import io.trainyard.engine.Evaluation;
import io.trainyard.engine.Examples;
import io.trainyard.engine.TrainingSession;
import io.trainyard.model.DatasetReference;
import io.trainyard.model.Models;
import io.trainyard.model.VersionEvaluation;
import io.trainyard.network.EarlyStopping;
import io.trainyard.network.TrainingSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
        int classes = dataset.classes().size();
        Examples train = new JobExamples(services.datasets().open(dataset, Split.TRAIN), classes);
        Examples test = new JobExamples(services.datasets().open(dataset, Split.TEST), classes);
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
        try (TrainingSession session = services.engine().train(spec.network(), spec.training())) {
            publish(session, fit(session, train, test));
        }
    }

    /** Fits all epochs; returns the evaluation of the weights that the session then has. */
    private Evaluation fit(TrainingSession session, Examples train, Examples test) {
        int epochs = spec.training().epochs();
        EarlyStopping stopping = spec.training().earlyStopping();
        BestEpoch best = stopping == null ? null : new BestEpoch(stopping);
        for (int epoch = 1; ; epoch++) {
            long begun = System.nanoTime();
            EpochResult result = fitEpoch(session, train, epoch);
            double seconds = (System.nanoTime() - begun) / 1e9;
            Evaluation evaluation = session.evaluate(test);
            if (!Double.isFinite(evaluation.loss())) {
                throw diverged(epoch, result, seconds);
            }
            record(epoch, result, evaluation, seconds, train.count() / seconds);
            if (best != null && best.improvedBy(epoch, result, evaluation)) {
                session.keepWeights();
            }
            if (epoch == epochs || (best != null && best.isExhausted(epoch))) {
                if (best == null || stopping == null) {
                    return evaluation;
                }
                return stop(session, stopping, best, epoch, evaluation);
            }
        }
    }

    private Evaluation stop(
            TrainingSession session, EarlyStopping stopping, BestEpoch best, int epoch, Evaluation evaluation) {
        if (epoch < spec.training().epochs()) {
            log("stopped early: %s is no better since epoch %d", stopping.monitor(), best.epoch());
        }
        if (!stopping.restoreBestWeights() || best.epoch() == epoch) {
            return evaluation;
        }
        session.restoreWeights();
        log("the weights of epoch %d are restored", best.epoch());
        return best.evaluation();
    }

    private EpochResult fitEpoch(TrainingSession session, Examples train, int epoch) {
        long begun = System.nanoTime();
        EpochResult result = session.fitEpoch(epoch - 1, train, (iteration, iterations) -> {
            if (iteration == iterations) {
                progress(epoch, 0, iterations);
            } else if (System.nanoTime() - progressWrittenAt >= PROGRESS_INTERVAL.toNanos()) {
                progress(epoch - 1, iteration, iterations);
            }
        });
        if (result.diverged()) {
            throw diverged(epoch, result, (System.nanoTime() - begun) / 1e9);
        }
        return result;
    }

    /** Records the epoch, without what is no number. */
    private JobFailedException diverged(int epoch, EpochResult result, double seconds) {
        double learningRate = spec.training().learningRate(epoch - 1);
        persist(() -> lease.epoch(epoch, result.loss(), result.accuracy(), null, null, learningRate, seconds, 0));
        return new JobFailedException("diverged: the loss became NaN in epoch " + epoch + "; lower the learning rate");
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

    private void record(int epoch, EpochResult result, Evaluation evaluation, double seconds, double rowsPerSecond) {
        TrainingSpec training = spec.training();
        double learningRate = training.learningRate(epoch - 1);
        persist(() -> lease.epoch(
                epoch,
                result.loss(),
                result.accuracy(),
                evaluation.loss(),
                evaluation.accuracy(),
                learningRate,
                seconds,
                rowsPerSecond));
        log(
                "epoch %d/%d: loss %.4f, accuracy %.4f, val_loss %.4f, val_accuracy %.4f, learning rate %.3g, %.1f s",
                epoch,
                training.epochs(),
                result.loss(),
                result.accuracy(),
                evaluation.loss(),
                evaluation.accuracy(),
                learningRate,
                seconds);
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
                dataset.classes(),
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
        List<String> classes = dataset.classes();
        return VersionEvaluation.of(
                evaluation.loss(),
                evaluation.accuracy(),
                classes,
                evaluation.confusion(),
                evaluation.mistakes().stream()
                        .map(mistake -> new VersionEvaluation.Mistake(
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
