package io.trainyard.training;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/** The queue: db-scheduler's table. Takes part in the caller's transaction. */
@Component
class JobQueue {

    /** The name of the db-scheduler task that runs a job; its instances are job ids. */
    static final String TASK = "train";

    private static final Logger log = LoggerFactory.getLogger(JobQueue.class);

    private final SchedulerClient client;

    JobQueue(DataSource dataSource) {
        this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
                .enablePriority()
                .build();
    }

    /** Adds a job; of those with the highest priority the oldest is run first. */
    void add(UUID jobId, int priority, Instant since) {
        client.scheduleIfNotExists(
                new TaskInstance.Builder<Void>(TASK, jobId.toString())
                        .priority(priority)
                        .build(),
                since);
    }

    /** Takes out a job that has ended; one that a worker has just picked ends there, since it cannot be claimed. */
    void remove(UUID jobId) {
        try {
            client.cancel(TaskInstanceId.of(TASK, jobId.toString()));
        } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException goneOrPicked) {
            log.debug("job {} is not taken out: {}", jobId, goneOrPicked.getMessage());
        }
    }
}
