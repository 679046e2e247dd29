package io.trainyard.training;

import io.trainyard.engine.Engine;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps this worker's row, so that people see what is alive, on which device, and with what it is busy. */
@Component
@Profile("worker")
class WorkerRegistration {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(WorkerRegistration.class);

    private final ThreadPoolTaskScheduler timer = new ThreadPoolTaskScheduler();
    private final WorkerIdentity identity;
    private final JdbcClient jdbc;
    private final Engine engine;
    private final JsonMapper json;
    private volatile @Nullable UUID jobId;
    private @Nullable ScheduledFuture<?> heartbeat;

    WorkerRegistration(WorkerIdentity identity, JdbcClient jdbc, Engine engine, JsonMapper json) {
        this.identity = identity;
        this.jdbc = jdbc;
        this.engine = engine;
        this.json = json;
    }

    /** Looks at the device, which loads the native code, and registers. */
    void start() {
        engine.device();
        timer.setThreadNamePrefix("registration-");
        timer.initialize();
        heartbeat = timer.scheduleWithFixedDelay(this::write, INTERVAL);
    }

    /** Whether it has a job. */
    boolean isBusy() {
        return jobId != null;
    }

    void busyWith(@Nullable UUID job) {
        jobId = job;
        timer.execute(this::write);
    }

    void stop() {
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        timer.shutdown();
        try {
            jdbc.sql("delete from worker where id = :id")
                    .param("id", identity.id())
                    .update();
        } catch (DataAccessException away) {
            log.debug("still registered: {}", away.getMessage());
        }
    }

    private void write() {
        try {
            // The rows of workers that were killed.
            jdbc.sql("delete from worker where seen_at < now() - interval '1 day'")
                    .update();
            jdbc.sql("""
                            insert into worker (id, host, pid, device, job_id, started_at, seen_at)
                            values (:id, :host, :pid, cast(:device as jsonb), cast(:job as uuid), now(), now())
                            on conflict (id) do update set job_id = excluded.job_id, seen_at = now()
                            """)
                    .param("id", identity.id())
                    .param("host", identity.host())
                    .param("pid", identity.pid())
                    .param("device", json.writeValueAsString(engine.device()))
                    .param("job", jobId)
                    .update();
        } catch (DataAccessException away) {
            log.debug("not registered: {}", away.getMessage());
        }
    }
}
