package io.trainyard.training;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.engine.Device;
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
@Tag(name = "Devices")
class DevicesController {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    DevicesController(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The devices that are there now. */
    record DeviceList(List<DeviceView> items, @Nullable String nextCursor) {}

    /**
     * A device and the worker process that owns it.
     *
     * @param jobId the job that it trains now
     */
    record DeviceView(
            UUID worker,
            String host,
            Device device,
            @Nullable UUID jobId) {}

    @Operation(
            summary = "List devices",
            description = "What each live worker computes on. `onednn` says whether convolutions really use oneDNN;"
                    + " without it training is about seven times slower.")
    @GetMapping("/api/v1/devices")
    DeviceList list() {
        List<DeviceView> items = jdbc.sql(
                        "select id, host, device, job_id from worker where seen_at > now() - :seconds * interval '1 second' order by started_at")
                .param("seconds", 4 * WorkerRegistration.INTERVAL.toSeconds())
                .query((row, number) -> new DeviceView(
                        row.getObject("id", UUID.class),
                        row.getString("host"),
                        json.readValue(row.getString("device"), Device.class),
                        row.getObject("job_id", UUID.class)))
                .list();
        return new DeviceList(items, null);
    }
}
