package io.trainyard.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.rollout.Rollout;
import io.trainyard.rollout.Side;
import io.trainyard.rollout.Tallies;
import io.trainyard.rollout.Tally;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The part that candidates have in requests. Whatever happens to a candidate, a request does not fail for it. */
@Component
@Profile("api")
class RolloutTraffic {

    private static final String BUSY = "busy";
    private static final String LOADING = "loading";
    /** Shadows wait in no more than this part of a queue. */
    private static final int SHARE_OF_QUEUE = 2;
    /** A canary has this part of a request's time: the alias' version needs the rest, should it give no answer. */
    private static final int SHARE_OF_TIME = 2;

    private static final long MAX_CANDIDATES = 1000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final Models models;
    private final LoadedModels loaded;
    private final Tallies tallies;
    private final ServingProperties properties;
    private final Clock clock;
    private final Cache<Long, Candidate> candidates = Caffeine.newBuilder()
            .maximumSize(MAX_CANDIDATES)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .build();

    RolloutTraffic(Models models, LoadedModels loaded, Tallies tallies, ServingProperties properties, Clock clock) {
        this.models = models;
        this.loaded = loaded;
        this.tallies = tallies;
        this.properties = properties;
        this.clock = clock;
    }

    private Candidate candidate(Rollout rollout) {
        return candidates.get(rollout.id(), id -> new Candidate(rollout, models, loaded));
    }

    /**
     * What a canary answers.
     *
     * @param serving the alias' version
     * @param deadline by {@link System#nanoTime}
     * @return empty when the alias' version is to answer
     */
    Optional<Answered> canary(Rollout rollout, ModelVersion serving, EncodedRows rows, long deadline)
            throws InterruptedException {
        if (rollout.mode() != Rollout.Mode.CANARY || !Caller.current().takesPartIn(rollout)) {
            return Optional.empty();
        }
        Tally tally = tallies.of(rollout);
        Candidate candidate = candidate(rollout);
        Optional<LoadedModel> ready = candidate.ready(serving);
        if (ready.isEmpty()) {
            tally.canaryFailed(candidate.absence());
            return Optional.empty();
        }
        ModelVersion version = ready.get().version();
        long now = System.nanoTime();
        long patience = (deadline - now) / SHARE_OF_TIME;
        try {
            MicroBatcher.Answer answer = ready.get()
                    .predict(rows.in(version.encoding()).features(), rows.size(), now + patience)
                    .get(patience, TimeUnit.NANOSECONDS);
            tally.answered(Side.CANDIDATE, time(answer));
            return Optional.of(new Answered(version, answer));
        } catch (ExecutionException | RuntimeException failure) {
            tally.canaryFailed(reason(failure));
            return Optional.empty();
        } catch (TimeoutException late) {
            tally.canaryFailed(ProblemType.DEADLINE_EXCEEDED.slug());
            return Optional.empty();
        }
    }

    /**
     * The alias' version has answered: a shadow is asked the same, and nobody waits for it.
     *
     * @param serving that version
     */
    void answered(Rollout rollout, ModelVersion serving, EncodedRows rows, MicroBatcher.Answer answer) {
        Tally tally = tallies.of(rollout);
        tally.answered(Side.VERSION, time(answer));
        Caller caller = Caller.current();
        if (rollout.mode() == Rollout.Mode.SHADOW && caller.takesPartIn(rollout)) {
            shadow(new Shadowed(rollout, serving, rows, answer.values(), caller.requestId(), tally));
        }
    }

    /** What the alias' version has answered. */
    private record Shadowed(
            Rollout rollout, ModelVersion serving, EncodedRows rows, float[] values, String requestId, Tally tally) {}

    private void shadow(Shadowed request) {
        int limit = Math.max(1, properties.maxQueued() / SHARE_OF_QUEUE);
        Tally tally = request.tally();
        if (!tally.begin(limit)) {
            tally.notBegun(BUSY);
            return;
        }
        try {
            begun(request, limit);
        } catch (RuntimeException | OutOfMemoryError failure) {
            // The client has its answer already.
            tally.shadowFailed(reason(failure));
        }
    }

    private void begun(Shadowed request, int limit) {
        Tally tally = request.tally();
        Candidate candidate = candidate(request.rollout());
        Optional<LoadedModel> ready = candidate.ready(request.serving());
        if (ready.isEmpty()) {
            if (candidate.isLoading()) {
                tally.dropped(LOADING);
            } else {
                tally.shadowFailed(candidate.absence());
            }
        } else if (ready.get().queued() >= limit) {
            // Others ask the candidate by its number.
            tally.dropped(BUSY);
        } else {
            ask(ready.get(), request);
        }
    }

    private void ask(LoadedModel candidate, Shadowed request) {
        long deadline = System.nanoTime() + properties.timeout().toNanos();
        EncodedRows rows = request.rows();
        CompletableFuture<EncodedRows> encoded =
                rows.encoding().equals(candidate.version().encoding())
                        ? CompletableFuture.completedFuture(rows)
                        : CompletableFuture.supplyAsync(
                                () -> rows.in(candidate.version().encoding()));
        var unused = encoded.thenCompose(own -> candidate.predict(own.features(), own.size(), deadline))
                .thenAccept(answer -> compare(request, answer))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        gaveNoAnswer(request.tally(), reason(failure));
                    }
                });
    }

    private static void gaveNoAnswer(Tally tally, String reason) {
        if (reason.equals(BUSY)) {
            tally.dropped(reason);
        } else {
            tally.shadowFailed(reason);
        }
    }

    private void compare(Shadowed request, MicroBatcher.Answer answer) {
        Double tolerance = request.rollout().tolerance();
        Comparison comparison = Comparison.of(
                request.rows().instances(),
                request.serving().target(),
                request.values(),
                answer.values(),
                tolerance == null ? 0 : tolerance,
                clock.instant(),
                request.requestId());
        if (!Double.isFinite(comparison.difference())) {
            throw new ArithmeticException("not all answers are numbers");
        }
        request.tally()
                .compared(
                        request.rows().size(),
                        comparison.agreed(),
                        comparison.difference(),
                        time(answer),
                        comparison.disagreements());
    }

    private static Duration time(MicroBatcher.Answer answer) {
        return Duration.ofNanos(answer.queueNanos() + answer.batchNanos() + answer.computeNanos());
    }

    private static String reason(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RejectedExecutionException) {
                return BUSY;
            }
            if (cause instanceof ProblemException problem) {
                return problem.type().slug();
            }
            if (cause instanceof ArithmeticException) {
                return "not-a-number";
            }
            if (!(cause instanceof CompletionException || cause instanceof ExecutionException)) {
                break;
            }
        }
        return ProblemType.INTERNAL_ERROR.slug();
    }
}
