package io.trainyard.client;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Trainings, and jobs of every kind. */
@HttpExchange("/api/v1/jobs")
public interface Jobs {

    /**
     * Submits a job.
     *
     * @param idempotencyKey any text; sent again with the same request it gives the first answer again and no second job
     */
    @PostExchange
    Job submit(
            @RequestBody JobRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey);

    /** Submits a job. */
    default Job submit(JobRequest request) {
        return submit(request, null);
    }

    /** The dry run: what the network would be, or what is wrong with it. */
    @PostExchange("/validate")
    NetworkSummary validate(@RequestBody JobRequest request);

    @GetExchange("/{id}")
    Job get(@PathVariable UUID id);

    /** A page of jobs, newest first. */
    @GetExchange
    Page<Job> list(
            @RequestParam(required = false) @Nullable JobStatus status,
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /** All jobs, newest first, fetched page by page as the stream is read. */
    default Stream<Job> all() {
        return Page.all(cursor -> list(null, null, null, null, cursor));
    }

    /** All jobs of a model. */
    default Stream<Job> ofModel(String model) {
        return Page.all(cursor -> list(null, model, null, null, cursor));
    }

    /** The curves; {@code cursor} is the epoch after which they begin. */
    @GetExchange("/{id}/metrics")
    JobMetrics metrics(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /** The curves. */
    default JobMetrics metrics(UUID id) {
        return metrics(id, null, null);
    }

    /** The log of the latest attempt. */
    @GetExchange(url = "/{id}/log", accept = "text/plain")
    String log(@PathVariable UUID id);

    @PostExchange("/{id}/cancel")
    Job cancel(@PathVariable UUID id);

    @PostExchange("/{id}/pause")
    Job pause(@PathVariable UUID id);

    @PostExchange("/{id}/resume")
    Job resume(@PathVariable UUID id);

    /**
     * Waits until a job has ended, in whatever way; see {@link Job#succeeded()}. Asks again and again, more seldom with time, and
     * when the service is busy, as it says.
     *
     * @throws JobTimeoutException when it has not by then
     */
    default Job await(UUID id, Duration timeout) {
        return new Waiting(timeout).until(id, () -> get(id));
    }
}
