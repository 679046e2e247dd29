package io.trainyard.serving;

import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.rollout.Rollout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The candidate of a rollout, in this process. It is loaded in the background: no request waits for it. */
final class Candidate {

    private static final Logger log = LoggerFactory.getLogger(Candidate.class);
    /** Between two attempts to load it: a damaged file need not be read for every request. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final String LOADING = "loading";

    private final Rollout rollout;
    private final Models models;
    private final LoadedModels loaded;
    private @Nullable ModelVersion version;
    private String absence = LOADING;
    private @Nullable Long nextLoad;

    Candidate(Rollout rollout, Models models, LoadedModels loaded) {
        this.rollout = rollout;
        this.models = models;
        this.loaded = loaded;
    }

    /**
     * The candidate, if it is ready to answer; if not, it will be, if it can.
     *
     * @param serving the version that it must not displace
     */
    Optional<LoadedModel> ready(ModelVersion serving) {
        ModelVersion known = version();
        Optional<LoadedModel> ready = known == null ? Optional.empty() : loaded.findReady(known, serving);
        if (ready.isEmpty() && isDue()) {
            new Thread(() -> load(serving), "candidate-" + rollout.model() + "-" + rollout.candidate()).start();
        }
        return ready;
    }

    private synchronized @Nullable ModelVersion version() {
        return version;
    }

    private synchronized boolean isDue() {
        long now = System.nanoTime();
        if (nextLoad != null && now - nextLoad < 0) {
            return false;
        }
        nextLoad = now + PAUSE.toNanos();
        return true;
    }

    private void load(ModelVersion serving) {
        try {
            ModelVersion found = version();
            if (found == null) {
                found = models.get(rollout.model(), rollout.candidate());
            }
            loaded.getBeside(found, serving).join();
            loaded(found);
        } catch (RuntimeException failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof ProblemException problem) {
                log.warn("candidate {} version {}: {}", rollout.model(), rollout.candidate(), problem.detail());
                absent(problem.type().slug());
            } else {
                log.error("candidate {} version {} cannot be loaded", rollout.model(), rollout.candidate(), cause);
                absent(ProblemType.INTERNAL_ERROR.slug());
            }
        }
    }

    private synchronized void loaded(ModelVersion found) {
        version = found;
        absence = LOADING;
    }

    private synchronized void absent(String reason) {
        absence = reason;
    }

    /** Why it is not ready: the slug of a problem's type, or {@code loading}. */
    synchronized String absence() {
        return absence;
    }

    /** Whether it is about to be ready, for all that is known. */
    boolean isLoading() {
        return absence().equals(LOADING);
    }
}
