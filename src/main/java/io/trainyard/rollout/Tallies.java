package io.trainyard.rollout;

import io.micrometer.core.instrument.MeterRegistry;
import io.trainyard.problem.DatabaseAway;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The tallies of this process. What they have counted is added to the sums in the database every other second, and when the
 * process ends in good order; when it is killed, so much is lost.
 */
@Component
@Profile("api")
public class Tallies implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Tallies.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration STOP_WAIT = Duration.ofSeconds(5);

    private final ConcurrentMap<Long, Tally> tallies = new ConcurrentHashMap<>();
    private final RolloutSums sums;
    private final MeterRegistry registry;
    private @Nullable ScheduledExecutorService timer;

    Tallies(RolloutSums sums, MeterRegistry registry) {
        this.sums = sums;
        this.registry = registry;
    }

    /** The tally of a rollout in this process. */
    public Tally of(Rollout rollout) {
        return tallies.computeIfAbsent(rollout.id(), id -> new Tally(new RolloutMeters(registry, rollout)));
    }

    /** Adds what was counted in this process to the sums. */
    synchronized void flush() {
        RuntimeException first = null;
        for (Map.Entry<Long, Tally> tally : tallies.entrySet()) {
            try {
                flush(tally.getKey(), tally.getValue());
            } catch (RuntimeException failure) {
                // The others' figures do not wait for it.
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void flush(long rollout, Tally tally) {
        Findings drained = tally.drain();
        if (!drained.isEmpty()) {
            try {
                sums.add(rollout, drained);
            } catch (RuntimeException failure) {
                tally.restore(drained);
                throw failure;
            }
        }
    }

    private synchronized void forgetEnded() {
        Set<Long> growing = sums.growing(tallies.keySet());
        tallies.forEach((rollout, tally) -> {
            if (!growing.contains(rollout) && !tally.isUnderWay()) {
                flush(rollout, tally);
                tallies.remove(rollout);
                tally.close();
            }
        });
    }

    private void tend() {
        try {
            try {
                flush();
            } finally {
                forgetEnded();
            }
        } catch (RuntimeException failure) {
            if (DatabaseAway.is(failure)) {
                log.debug("figures of rollouts wait for PostgreSQL: {}", failure.getMessage());
            } else {
                log.error("figures of rollouts could not be stored", failure);
            }
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "rollout-figures"));
        var unused = started.scheduleWithFixedDelay(
                this::tend, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        timer = started;
    }

    /** Called when all requests have been answered. */
    @Override
    public void stop() {
        ScheduledExecutorService running = timer;
        timer = null;
        if (running != null) {
            running.shutdown();
            try {
                if (!running.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.warn("figures of rollouts are still being stored");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            tend();
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    /** Before the web server starts, and after it has stopped. */
    @Override
    public int getPhase() {
        return 0;
    }
}
