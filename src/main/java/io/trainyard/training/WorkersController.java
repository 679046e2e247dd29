package io.trainyard.training;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.engine.Device;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Profile("api")
@Tag(name = "Workers")
class WorkersController {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    WorkersController(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The workers that are there now. */
    record WorkerList(List<WorkerView> items, @Nullable String nextCursor) {}

    /** The devices that are there now. */
    record DeviceList(List<DeviceView> items, @Nullable String nextCursor) {}

    /** Whether a worker has a job. */
    enum State {
        IDLE,
        BUSY
    }

    /**
     * A worker process.
     *
     * @param jobId the job that it runs now
     * @param seenAt when it last said that it is alive
     */
    record WorkerView(
            UUID id,
            String host,
            @Schema(example = "4711") long pid,
            State state,
            @Nullable UUID jobId,
            Device device,
            Instant startedAt,
            Instant seenAt) {}

    /**
     * A device and the worker process that owns it.
     *
     * @param jobId the job that it runs now
     */
    record DeviceView(
            UUID worker,
            String host,
            Device device,
            @Nullable UUID jobId) {}

    @Operation(
            summary = "List workers",
            description = "The processes that run jobs, with what each is busy. One that has not been heard of for "
                    + WorkerRegistration.ALIVE_SECONDS + " seconds is left out; its job is taken up by another.")
    @GetMapping("/api/v1/workers")
    WorkerList workers() {
        return new WorkerList(alive(), null);
    }

    @Operation(
            summary = "List devices",
            description = "What each live worker computes on. `onednn` says whether convolutions really use oneDNN;"
                    + " without it training is about seven times slower.")
    @GetMapping("/api/v1/devices")
    DeviceList devices() {
        return new DeviceList(
                alive().stream()
                        .map(worker -> new DeviceView(worker.id(), worker.host(), worker.device(), worker.jobId()))
                        .toList(),
                null);
    }

    private List<WorkerView> alive() {
        return jdbc.sql("""
                        select id, host, pid, device, job_id, started_at, seen_at from worker
                        where seen_at > now() - :seconds * interval '1 second' order by started_at, id""")
                .param("seconds", WorkerRegistration.ALIVE_SECONDS)
                .query((row, number) -> view(row))
                .list();
    }

    private WorkerView view(ResultSet row) throws SQLException {
        UUID job = row.getObject("job_id", UUID.class);
        return new WorkerView(
                row.getObject("id", UUID.class),
                row.getString("host"),
                row.getLong("pid"),
                job == null ? State.IDLE : State.BUSY,
                job,
                json.readValue(row.getString("device"), Device.class),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("seen_at", OffsetDateTime.class).toInstant());
    }
}
