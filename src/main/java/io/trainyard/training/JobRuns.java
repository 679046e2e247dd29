package io.trainyard.training;

import io.trainyard.dataset.DatasetVersion;
import io.trainyard.problem.FileFaults;
import io.trainyard.problem.ProblemException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Runs leased jobs, and sees to it that each ends in the state that fits how its run ended. */
@Component
@Profile("worker")
class JobRuns {

    private static final Logger log = LoggerFactory.getLogger(JobRuns.class);

    private final JobRows jobs;
    private final RunServices services;
    private volatile boolean stopping;
    private volatile boolean exhausted;

    JobRuns(JobRows jobs, RunServices services) {
        this.jobs = jobs;
        this.services = services;
    }

    /** Makes the run in progress give its job back, soon. */
    void stop() {
        stopping = true;
    }

    /** Whether a run was out of memory: what else is in this process can no longer be relied on. */
    boolean isExhausted() {
        return exhausted;
    }

    /**
     * Runs an attempt to its end.
     *
     * @throws DataAccessException when PostgreSQL is away: the job stays as it is, and is taken up again
     * @throws LeaseLostException when another attempt has begun
     * @throws WorkerStoppingException when the job was given back
     */
    void run(Lease lease) {
        JobRow job = jobs.findById(lease.jobId()).orElseThrow(() -> {
            log.warn("{} is gone", lease);
            return new LeaseLostException(lease);
        });
        Instant queuedAt = lease.queuedAt();
        if (queuedAt != null) {
            services.meters().taken(Duration.between(queuedAt, Objects.requireNonNull(job.startedAt)));
        }
        try (Attempt attempt =
                new Attempt(lease, job, services.traces().attempt(lease, job, queuedAt), services.meters())) {
            try {
                run(lease, job, attempt);
            } catch (LeaseLostException lost) {
                attempt.ended(AttemptEnd.LEASE_LOST);
                log.warn("{}; its work is dropped", lost.getMessage());
                // The queue's entry may be another attempt's by now: only db-scheduler's version can tell.
                throw lost;
            }
        } finally {
            // Native arrays are freed when their Java objects are collected, which may be long after the next job's
            // begin.
            System.gc();
        }
    }

    private void run(Lease lease, JobRow job, Attempt attempt) {
        log.info("begins {}", lease);
        try {
            run(lease, job);
            attempt.ended(AttemptEnd.SUCCEEDED);
            log.info("succeeded: {}", lease);
            services.checkpoints().delete(lease.jobId());
        } catch (LeaseLostException lost) {
            throw lost;
        } catch (JobCancelledException cancelled) {
            lease.log("cancelled by the user");
            lease.cancelled();
            attempt.ended(AttemptEnd.CANCELLED);
            log.info("cancelled: {}", lease);
            services.checkpoints().delete(lease.jobId());
        } catch (JobPausedException paused) {
            lease.log("paused by the user");
            lease.paused();
            attempt.ended(AttemptEnd.PAUSED);
            log.info("paused: {}", lease);
        } catch (WorkerStoppingException worker) {
            lease.giveBack();
            attempt.ended(AttemptEnd.GIVEN_BACK);
            log.info("given back: {}", lease);
            throw worker;
        } catch (DataAccessException | TransactionException databaseAway) {
            throw databaseAway;
        } catch (RuntimeException | OutOfMemoryError failure) {
            exhausted = services.engine().isExhausted(failure);
            if (stopping && Thread.interrupted()) {
                // Waiting for it took too long, and what it was at was cut off.
                lease.giveBack();
                attempt.ended(AttemptEnd.GIVEN_BACK);
                throw new WorkerStoppingException();
            }
            String reason = exhausted
                    ? "out of memory: make the batch or the network smaller (" + failure.getMessage() + ")"
                    : reason(failure);
            log.warn("failed: {}: {}", lease, reason, failure);
            lease.log("failed: " + reason);
            lease.failed(reason);
            attempt.failed(reason);
            services.checkpoints().delete(lease.jobId());
        }
    }

    private void run(Lease lease, JobRow job) {
        DatasetVersion dataset = services.datasets().get(job.datasetVersionId);
        switch (job.kind) {
            case TRAINING -> new TrainingRun(lease, job, dataset, services, () -> stopping).run();
            case BATCH_PREDICTION -> new BatchPredictionRun(lease, job, dataset, services, () -> stopping).run();
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof JobFailedException || failure instanceof ProblemException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof UncheckedIOException file) {
            return "a file could not be written or read: " + FileFaults.reason(Objects.requireNonNull(file.getCause()));
        }
        return "the service met a fault of its own; its operator finds the cause in the worker's log under this job's id";
    }
}
