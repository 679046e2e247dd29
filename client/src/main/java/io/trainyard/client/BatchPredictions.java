package io.trainyard.client;

import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Asks models about whole datasets. */
@HttpExchange("/api/v1/batch-predictions")
public interface BatchPredictions {

    /**
     * Submits a batch prediction, which is a job like others.
     *
     * @param idempotencyKey as with {@link Jobs#submit}
     */
    @PostExchange
    Job submit(
            @RequestBody BatchPredictionRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey);

    /** The predictions of a job that has succeeded, as they come; to be closed. */
    @GetExchange("/{id}/predictions")
    InputStream download(@PathVariable UUID id);
}
