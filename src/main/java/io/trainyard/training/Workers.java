package io.trainyard.training;

import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.engine.Device;
import io.trainyard.json.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The processes that run jobs. */
@Component
public class Workers {

    /** For so long a worker counts as alive after it has said so. */
    public static final int ALIVE_SECONDS = 20;

    private final Access access;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    Workers(Access access, JdbcClient jdbc, JsonMapper json) {
        this.access = access;
        this.jdbc = jdbc;
        this.json = StoredJson.shown(json);
    }

    /**
     * Those that have been heard of lately, the one that runs the longest first. With whose job another's worker is busy is not
     * told.
     */
    public List<WorkerView> alive(Actor actor) {
        return jdbc.sql("""
                        select id, host, pid, device, job_id, started_at, seen_at from worker
                        where seen_at > now() - :seconds * interval '1 second' order by started_at, id""")
                .param("seconds", ALIVE_SECONDS)
                .query((row, number) -> view(row, actor))
                .list();
    }

    private WorkerView view(ResultSet row, Actor actor) throws SQLException {
        UUID job = row.getObject("job_id", UUID.class);
        return new WorkerView(
                row.getObject("id", UUID.class),
                row.getString("host"),
                row.getLong("pid"),
                job == null ? WorkerView.State.IDLE : WorkerView.State.BUSY,
                job != null && access.sees(actor, Kind.JOB, job.toString()) ? job : null,
                json.readValue(row.getString("device"), Device.class),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("seen_at", OffsetDateTime.class).toInstant());
    }
}
