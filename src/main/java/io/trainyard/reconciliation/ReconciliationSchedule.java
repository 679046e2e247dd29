package io.trainyard.reconciliation;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Reconciles once a day and on demand; of several API processes one does. */
@Component
@Profile("api")
class ReconciliationSchedule implements SmartLifecycle {

    private static final String TASK = "reconcile";
    /** Apart from the queue's: a db-scheduler deletes entries of tasks that it does not know. */
    private static final String TABLE = "scheduled_maintenance";

    private static final Duration RETRY = Duration.ofMinutes(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration STOP_WAIT = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final Reconciliation reconciliation;
    private final Clock clock;
    private @Nullable Scheduler scheduler;

    ReconciliationSchedule(DataSource dataSource, Reconciliation reconciliation, Clock clock) {
        this.dataSource = dataSource;
        this.reconciliation = reconciliation;
        this.clock = clock;
    }

    @Override
    public void start() {
        RecurringTask<Void> task = Tasks.recurring(TASK, FixedDelay.of(DAY))
                .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY))
                .execute((instance, context) -> reconciliation.run());
        Scheduler started = Scheduler.create(dataSource)
                .tableName(TABLE)
                .startTasks(task)
                .threads(1)
                .pollingInterval(POLL)
                .heartbeatInterval(HEARTBEAT)
                .shutdownMaxWait(STOP_WAIT)
                .build();
        started.start();
        scheduler = started;
    }

    /** Has it done now, by whichever API process is first. */
    void runNow() {
        Scheduler running = scheduler;
        if (running != null) {
            running.reschedule(TaskInstanceId.of(TASK, RecurringTask.INSTANCE), clock.instant());
            running.triggerCheckForDueExecutions();
        }
    }

    @Override
    public void stop() {
        if (scheduler != null) {
            scheduler.stop();
            scheduler = null;
        }
    }

    @Override
    public boolean isRunning() {
        return scheduler != null;
    }
}
