package io.trainyard.training;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import io.trainyard.engine.Device;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@Tag(name = "Workers")
class WorkersController {

    private final Workers workers;

    WorkersController(Workers workers) {
        this.workers = workers;
    }

    /** The workers that are there now. */
    record WorkerList(List<WorkerView> items, @Nullable String nextCursor) {}

    /** The devices that are there now. */
    record DeviceList(List<DeviceView> items, @Nullable String nextCursor) {}

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
            operationId = "listWorkers",
            summary = "List workers",
            description = "The processes that run jobs, with what each is busy. One that has not been heard of for "
                    + Workers.ALIVE_SECONDS + " seconds is left out; its job is taken up by another.")
    @GetMapping("/api/v1/workers")
    WorkerList workers(Actor actor) {
        return new WorkerList(workers.alive(actor), null);
    }

    @Operation(
            operationId = "listDevices",
            summary = "List devices",
            description = "What each live worker computes on. `onednn` says whether convolutions really use oneDNN;"
                    + " without it training is about seven times slower.")
    @GetMapping("/api/v1/devices")
    DeviceList devices(Actor actor) {
        return new DeviceList(
                workers.alive(actor).stream()
                        .map(worker -> new DeviceView(worker.id(), worker.host(), worker.device(), worker.jobId()))
                        .toList(),
                null);
    }
}
