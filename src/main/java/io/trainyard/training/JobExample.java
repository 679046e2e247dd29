package io.trainyard.training;

import io.trainyard.access.CurrentActor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Gives the OpenAPI document's operations on one job the id of the newest that the reader sees as their example, so that they
 * work when one tries them. The document itself is made once, which takes seconds.
 */
@RestControllerAdvice
@Profile("api")
class JobExample implements ResponseBodyAdvice<byte[]> {

    /** What stands in the document for a job of any kind, and for a batch prediction. */
    static final String ANY = "00000000-0000-0000-0000-000000000000";

    static final String BATCH_PREDICTION = "00000000-0000-0000-0000-000000000001";

    private static final String DOCUMENT = "/v3/api-docs";

    private final JobRows jobs;
    private final CurrentActor actor;

    JobExample(JobRows jobs, CurrentActor actor) {
        this.jobs = jobs;
        this.actor = actor;
    }

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return returned.getParameterType() == byte[].class;
    }

    @Override
    public byte @Nullable [] beforeBodyWrite(
            byte @Nullable [] body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        return body == null || !request.getURI().getPath().contains(DOCUMENT)
                ? body
                : new String(body, StandardCharsets.UTF_8)
                        .replace(ANY, newest(null, ANY))
                        .replace(BATCH_PREDICTION, newest(JobKind.BATCH_PREDICTION, BATCH_PREDICTION))
                        .getBytes(StandardCharsets.UTF_8);
    }

    private String newest(@Nullable JobKind kind, String none) {
        return jobs
                .page(actor.get().only(), kind == null ? null : kind.name(), null, null, null, null, null, 1)
                .stream()
                .map(job -> job.id.toString())
                .findFirst()
                .orElse(none);
    }
}
