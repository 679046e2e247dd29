package io.trainyard.training;

import io.trainyard.artifact.Checkpoints;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Ends cancelled jobs whose worker says nothing: it may be dead, or in the middle of a long batch. What it writes from then
 * on is refused.
 */
@Component
@Profile("api")
class OverdueCancellations implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OverdueCancellations.class);
    /** With {@link #INTERVAL} less than the 5 s in which a cancellation is to be acknowledged. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final JobTransitions transitions;
    private final Checkpoints checkpoints;
    private final ThreadPoolTaskScheduler timer = new ThreadPoolTaskScheduler();
    private volatile @Nullable ScheduledFuture<?> ends;

    OverdueCancellations(JobTransitions transitions, Checkpoints checkpoints) {
        this.transitions = transitions;
        this.checkpoints = checkpoints;
    }

    @Override
    public void start() {
        timer.setThreadNamePrefix("cancellations-");
        timer.initialize();
        ends = timer.scheduleWithFixedDelay(this::end, INTERVAL);
    }

    private void end() {
        try {
            transitions.endCancellations(PATIENCE).forEach(job -> {
                log.info("cancelled without a word of its worker: job {}", job);
                checkpoints.delete(job);
            });
        } catch (DataAccessException | TransactionException away) {
            log.debug("no cancellations are ended: {}", away.getMessage());
        }
    }

    @Override
    public void stop() {
        ScheduledFuture<?> stopped = ends;
        if (stopped != null) {
            stopped.cancel(false);
        }
        ends = null;
        timer.shutdown();
    }

    @Override
    public boolean isRunning() {
        return ends != null;
    }
}
