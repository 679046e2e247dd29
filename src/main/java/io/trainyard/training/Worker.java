package io.trainyard.training;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.trainyard.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes jobs from the queue, one at a time, and runs them on one long-lived thread: ND4J leaks memory with every thread
 * that trains. db-scheduler picks (with SKIP LOCKED), renews the lease from a thread of its own, and finds jobs whose
 * worker is gone.
 */
@Component
@Profile("worker")
class Worker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(15);
    /** The status with which this process ends then; that of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final JobTransitions transitions;
    private final JobRuns runs;
    private final WorkerRegistration registration;
    private final WorkerIdentity identity;
    private final WorkerMeters process;
    private final RunMeters meters;
    private final Engine engine;
    private final TrainingProperties properties;
    private final DatabaseClock clock;
    private @Nullable Scheduler scheduler;

    Worker(
            DataSource dataSource,
            JdbcClient jdbc,
            JobTransitions transitions,
            JobRuns runs,
            WorkerRegistration registration,
            WorkerIdentity identity,
            WorkerMeters process,
            RunMeters meters,
            Engine engine,
            TrainingProperties properties) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.transitions = transitions;
        this.runs = runs;
        this.registration = registration;
        this.identity = identity;
        this.process = process;
        this.meters = meters;
        this.engine = engine;
        this.properties = properties;
        this.clock = new DatabaseClock(this.jdbc);
    }

    @Override
    public void start() {
        registration.start();
        process.device(engine.device());
        CustomTask<Void> task = Tasks.custom(JobQueue.TASK, Void.class)
                .onFailure(this::retry)
                .onDeadExecution(this::revive)
                .execute(this::run);
        Scheduler started = Scheduler.create(dataSource, task)
                .clock(clock)
                .executorService(Executors.newSingleThreadExecutor(work -> new Thread(work, "job")))
                .threads(1)
                .pollingInterval(properties.pollInterval())
                .heartbeatInterval(properties.heartbeatInterval())
                .missedHeartbeatsLimit(properties.missedHeartbeats())
                // One thread: fetch one execution when none is running.
                .pollUsingLockAndFetch(0.5, 1.0)
                .enablePriority()
                .shutdownMaxWait(STOP_WAIT)
                .build();
        started.start();
        scheduler = started;
        log.info("worker {} waits for jobs", identity.id());
    }

    @Override
    public void stop() {
        runs.stop();
        if (scheduler != null) {
            scheduler.stop();
            scheduler = null;
        }
        registration.stop();
    }

    @Override
    public boolean isRunning() {
        return scheduler != null;
    }

    private CompletionHandler<Void> run(TaskInstance<Void> instance, ExecutionContext context) {
        UUID jobId = UUID.fromString(instance.getId());
        transitions.claim(jobId).ifPresent(lease -> {
            registration.busyWith(jobId);
            try {
                runs.run(lease);
            } finally {
                if (runs.isExhausted()) {
                    end();
                }
                registration.busyWith(null);
            }
        });
        return (complete, operations) -> transitions.leaveQueue(jobId, waits -> {
            if (waits) {
                operations.reschedule(complete, turn(complete));
            } else {
                operations.remove();
            }
        });
    }

    /** Ends this process, which its supervisor starts anew; apart from this thread, since the end waits for its run. */
    private void end() {
        try {
            if (scheduler != null) {
                scheduler.pause();
            }
            log.error("this worker is out of memory, and ends");
            new Thread(() -> System.exit(OUT_OF_MEMORY), "exit").start();
        } catch (OutOfMemoryError notEvenThat) {
            Runtime.getRuntime().halt(OUT_OF_MEMORY);
        }
    }

    /** Where it was in the queue. */
    private static Instant turn(ExecutionComplete complete) {
        return complete.getExecution().executionTime;
    }

    /** The run could not end its job: PostgreSQL was away, or this worker is stopping. */
    private void retry(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        operations.reschedule(complete, turn(complete));
    }

    private void revive(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        if (clock.wasAwayWithin(properties.heartbeatInterval().multipliedBy(properties.missedHeartbeats()))) {
            // Nobody could renew a lease. What is still held will be renewed; what is not will be found again.
            return;
        }
        UUID jobId = UUID.fromString(complete.getExecution().getId());
        log.warn("the worker of job {} is lost", jobId);
        meters.revived();
        transitions.workerLost(jobId, complete.getExecution().version);
        operations.reschedule(complete, turn(complete));
    }
}
