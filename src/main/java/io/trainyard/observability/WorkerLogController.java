package io.trainyard.observability;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.problem.InvalidFieldException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@Tag(name = "Workers")
class WorkerLogController {

    private static final int MOST = 1000;

    private final JdbcClient jdbc;

    WorkerLogController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Operation(
            summary = "Get the workers' own log",
            description =
                    "The last events of all workers, or of one, or about one job, the oldest first: time, host and"
                            + " process, level, logger, ids, message; lines of a stack trace begin with `| `. Of each worker the last 1,000"
                            + " of a day are kept, also when it has ended. What a job's user should know is in the job's own log.")
    @GetMapping(value = "/api/v1/workers/log", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<String> log(
            @Parameter(description = "Only of this worker") @RequestParam(required = false) @Nullable UUID worker,
            @Parameter(description = "Only what was logged while it ran this job")
                    @RequestParam(required = false)
                    @Nullable
                    UUID job,
            @Parameter(description = "Events") @RequestParam(defaultValue = "200") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MOST + ", was " + limit);
        }
        List<String> events = jdbc.sql("""
                        select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                            || ' ' || host || '/' || pid || ' ' || event from (
                                select * from worker_log
                                where (cast(:worker as uuid) is null or worker_id = cast(:worker as uuid))
                                  and (cast(:job as uuid) is null or job_id = cast(:job as uuid))
                                order by at desc, id desc limit :limit) as latest
                        order by at, id""")
                .param("worker", worker)
                .param("job", job)
                .param("limit", limit)
                .query(String.class)
                .list();
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(events.isEmpty() ? "" : String.join("\n", events) + "\n");
    }
}
