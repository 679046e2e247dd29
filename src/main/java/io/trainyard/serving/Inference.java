package io.trainyard.serving;

import io.trainyard.encoding.Instance;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.rollout.Rollout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Rows through an exact version: the one core under all protocols. Rows are checked and encoded before they are batched. */
@Component
@Profile("api")
class Inference {

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How often a request may find that the version which it has just got hold of was unloaded. */
    private static final int MAX_EVICTED = 20;

    private final VersionLookup versions;
    private final LoadedModels loadedModels;
    private final RolloutTraffic rollouts;
    private final ServingProperties properties;

    Inference(
            VersionLookup versions, LoadedModels loadedModels, RolloutTraffic rollouts, ServingProperties properties) {
        this.versions = versions;
        this.loadedModels = loadedModels;
        this.rollouts = rollouts;
        this.properties = properties;
    }

    /**
     * The version that a request means.
     *
     * @throws ProblemException NOT_FOUND
     */
    ModelVersion version(String model, VersionChoice choice) {
        return route(model, choice).version();
    }

    /**
     * The same, with the rollout behind it.
     *
     * @throws ProblemException NOT_FOUND
     */
    Route route(String model, VersionChoice choice) {
        return versions.find(model, choice);
    }

    /**
     * Loads a version, unless it is.
     *
     * @throws ProblemException ARTIFACT_DAMAGED, INSUFFICIENT_MEMORY or DEADLINE_EXCEEDED
     */
    LoadedModel load(ModelVersion version) {
        return within(properties.timeout(), version, deadline -> await(loadedModels.get(version), deadline));
    }

    /**
     * What the version that a request means, or the candidate in its place, says of raw rows.
     *
     * @param timeout null for the service's own
     * @throws ProblemException PAYLOAD_TOO_LARGE, INVALID_INSTANCE, CAPACITY_EXCEEDED, DEADLINE_EXCEEDED, ARTIFACT_DAMAGED or
     *     INSUFFICIENT_MEMORY
     */
    Answered run(Route route, List<Instance> instances, @Nullable Duration timeout) {
        long begun = System.nanoTime();
        ModelVersion version = route.version();
        try {
            EncodedRows rows = checked(version, instances);
            Answered answered = within(
                    timeout == null ? properties.timeout() : timeout,
                    version,
                    deadline -> answer(route, rows, deadline));
            checkFinite(answered.answer().values(), rows.size());
            Duration time = Duration.ofNanos(System.nanoTime() - begun);
            loadedModels.meters(answered.version()).ifPresent(meters -> meters.answered(time));
            return answered;
        } catch (ProblemException problem) {
            loadedModels.meters(version).ifPresent(meters -> meters.failed(problem.type()));
            throw problem;
        } catch (RuntimeException fault) {
            loadedModels.meters(version).ifPresent(meters -> meters.failed(ProblemType.INTERNAL_ERROR));
            throw fault;
        }
    }

    private EncodedRows checked(ModelVersion version, List<Instance> instances) {
        if (instances.size() > properties.maxInstances()) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "The request holds " + instances.size() + " instances; at most " + properties.maxInstances()
                            + " are taken in one request.");
        }
        return EncodedRows.of(instances, version.encoding());
    }

    /** Rows far from those of the training can be more than 32-bit numbers can compute with; JSON has no word for what comes. */
    private static void checkFinite(float[] values, int rows) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                FieldError error = new FieldError(
                        FieldError.pointer("/instances", i / (values.length / rows)),
                        "the network's answer is no finite number: its values are too far from those of the training");
                throw new ProblemException(
                        ProblemType.INVALID_INSTANCE, error.pointer() + ": " + error.detail(), List.of(error));
            }
        }
    }

    private Answered answer(Route route, EncodedRows rows, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        ModelVersion version = route.version();
        Rollout rollout = route.rollout();
        if (rollout != null) {
            Optional<Answered> canary = rollouts.canary(rollout, version, rows, deadline);
            if (canary.isPresent()) {
                return canary.get();
            }
        }
        MicroBatcher.Answer answer = await(submit(version, rows.features(), rows.size(), deadline), deadline);
        if (rollout != null) {
            rollouts.answered(rollout, version, rows, answer);
        }
        return new Answered(version, answer);
    }

    /** Something that takes time. */
    @FunctionalInterface
    private interface Work<T> {
        T within(long deadline) throws InterruptedException, ExecutionException, TimeoutException;
    }

    private static <T> T within(Duration timeout, ModelVersion version, Work<T> work) {
        try {
            return work.within(System.nanoTime() + timeout.toNanos());
        } catch (RejectedExecutionException full) {
            throw new ProblemException(
                    ProblemType.CAPACITY_EXCEEDED,
                    "Too many requests wait for " + version.model() + " version " + version.version() + ".",
                    List.of(),
                    RETRY,
                    full);
        } catch (TimeoutException late) {
            throw new ProblemException(
                    ProblemType.DEADLINE_EXCEEDED,
                    "There was no answer within " + timeout.toMillis() + " ms; what still waits is not run.");
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException("the network failed", failure.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    private Future<MicroBatcher.Answer> submit(ModelVersion version, float[] features, int rows, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (int evicted = 0; ; evicted++) {
            LoadedModel model = await(loadedModels.get(version), deadline);
            try {
                return model.predict(features, rows, deadline);
            } catch (RejectedExecutionException rejected) {
                // Or it was evicted between the look-up and the call.
                if (!model.isClosed() || evicted == MAX_EVICTED) {
                    throw rejected;
                }
            }
        }
    }

    private static <T> T await(Future<T> future, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
