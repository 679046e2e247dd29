package io.trainyard.observability;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.stereotype.Component;

/** Has a worker write down every few seconds what it has counted and logged; and once more when its last job has ended. */
@Component
@Profile("worker")
class WorkerReports implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WorkerReports.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final WorkerFigures figures;
    private final WorkerLog events;
    private final ThreadPoolTaskScheduler timer = new ThreadPoolTaskScheduler();
    private @Nullable ScheduledFuture<?> running;

    WorkerReports(WorkerFigures figures, WorkerLog events) {
        this.figures = figures;
        this.events = events;
        timer.setThreadNamePrefix("report-");
        timer.setWaitForTasksToCompleteOnShutdown(true);
        timer.setAwaitTerminationSeconds(5);
    }

    @Override
    public void start() {
        events.open();
        timer.initialize();
        running = timer.scheduleWithFixedDelay(this::write, INTERVAL);
    }

    private void write() {
        attempt(figures::write);
        attempt(events::write);
    }

    /** Each by itself, and the worker's end goes on whatever happens here. */
    private static void attempt(Runnable report) {
        try {
            report.run();
        } catch (RuntimeException failure) {
            log.debug("not reported: {}", failure.getMessage());
        }
    }

    @Override
    public void stop() {
        if (running != null) {
            running.cancel(false);
            running = null;
        }
        timer.shutdown();
        events.close();
        write();
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** It begins before the worker does, and stops after it. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 1;
    }
}
