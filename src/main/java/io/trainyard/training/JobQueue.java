package io.trainyard.training;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/**
 * The queue: db-scheduler's table, in a fair order. Takes part in the caller's transaction.
 *
 * <p>Jobs of the same priority run in the order of their turns. A share (say, an owner) gets for each of its jobs the turn
 * after its last, and at least the one after the current turn: so a share that queues a thousand jobs does not keep one
 * that comes later with one job waiting for them all. This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with
 * jobs of equal cost. db-scheduler knows only times, so a turn is given as one long past.
 */
@Component
class JobQueue {

    /** The name of the db-scheduler task that runs a job; its instances are job ids. */
    static final String TASK = "train";

    private static final Instant FIRST_TURN = Instant.parse("2000-01-01T00:00:00Z");
    /** So many jobs of the same turn are told apart. */
    private static final int SEQUENCE = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(JobQueue.class);

    private final SchedulerClient client;
    private final JdbcClient jdbc;

    JobQueue(DataSource dataSource, JdbcClient jdbc) {
        this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
                .enablePriority()
                .build();
        this.jdbc = jdbc;
    }

    /** Gives a new job its turn and adds it. */
    void add(UUID jobId, String share) {
        jdbc.sql("""
                        with next as (
                            insert into queue_share as known (share, turn) select :share, current + 1 from queue_turn
                            on conflict (share) do update set turn = greatest(known.turn + 1, excluded.turn)
                            returning turn)
                        update job set turn = next.turn from next where id = :id
                        """).param("id", jobId).param("share", share).update();
        add(jobId);
    }

    /** Adds a job that has had its turn before. */
    void add(UUID jobId) {
        record Place(int priority, long turn, long sequence) {}
        Place place = jdbc.sql("select priority, turn, sequence from job where id = :id")
                .param("id", jobId)
                .query(Place.class)
                .single();
        boolean added = client.scheduleIfNotExists(
                new TaskInstance.Builder<Void>(TASK, jobId.toString())
                        .priority(place.priority())
                        .build(),
                FIRST_TURN.plusSeconds(place.turn()).plus(Duration.ofNanos(place.sequence() % SEQUENCE * 1000)));
        if (added) {
            // db-scheduler begins with 1 each time: a worker of long ago could take this entry for its own.
            jdbc.sql("update scheduled_tasks set version = nextval('queue_entry_version')"
                            + " where task_name = :task and task_instance = :id")
                    .param("task", TASK)
                    .param("id", jobId.toString())
                    .update();
        }
    }

    /** The current turn is at least that of a job that has begun. */
    void begun(UUID jobId) {
        jdbc.sql("update queue_turn set current = turn from job where id = :id and turn > current")
                .param("id", jobId)
                .update();
        // Such a share would get the next turn anyway.
        jdbc.sql("delete from queue_share using queue_turn where turn <= current")
                .update();
    }

    /** Takes a job out; one that a worker has just picked leaves by itself, since it cannot be claimed. */
    void remove(UUID jobId) {
        try {
            client.cancel(TaskInstanceId.of(TASK, jobId.toString()));
        } catch (TaskInstanceException goneOrPicked) {
            log.debug("job {} is not taken out: {}", jobId, goneOrPicked.getMessage());
        }
    }
}
