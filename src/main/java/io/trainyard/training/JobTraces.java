package io.trainyard.training;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The spans of jobs: each attempt is one of the trace of the request that submitted the job, and has its epochs,
 * evaluations, checkpoints and its publication below it. Where tracing is off they are of no cost, and go nowhere.
 */
@Component
@Profile("worker")
class JobTraces {

    private static final String TRACEPARENT = "traceparent";

    private static final TextMapGetter<Map<String, String>> FIELDS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> fields) {
            return fields.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> fields, String key) {
            return fields == null ? null : fields.get(key);
        }
    };

    private final Tracer tracer;

    JobTraces(ObjectProvider<OpenTelemetry> telemetry) {
        this.tracer = telemetry.getIfAvailable(OpenTelemetry::noop).getTracer("io.trainyard.training");
    }

    /** The request that is being answered, in W3C's form; null where it is not traced. */
    static @Nullable String traceparent() {
        SpanContext current = Span.current().getSpanContext();
        return current.isValid()
                ? "00-" + current.getTraceId() + "-" + current.getSpanId() + "-"
                        + (current.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault()).asHex()
                : null;
    }

    /**
     * Begins the span of an attempt, after that of the time that the job has waited for it.
     *
     * @param queuedAt since when it waited; null where that is not known
     */
    Span attempt(Lease lease, JobRow job, @Nullable Instant queuedAt) {
        Context request = job.traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance()
                        .extract(Context.root(), Map.of(TRACEPARENT, job.traceparent), FIELDS);
        Instant now = Instant.now();
        if (queuedAt != null && job.traceparent != null) {
            Span queued = tracer.spanBuilder("queued")
                    .setParent(request)
                    .setStartTimestamp(queuedAt)
                    .setAttribute("trainyard.job.id", lease.jobId().toString())
                    .setAttribute("trainyard.job.attempt", lease.attempt())
                    .startSpan();
            queued.end(now.isBefore(queuedAt) ? queuedAt : now);
        }
        return tracer.spanBuilder("attempt")
                .setParent(request)
                .setAttribute("trainyard.job.id", lease.jobId().toString())
                .setAttribute("trainyard.job.attempt", lease.attempt())
                .setAttribute("trainyard.job.kind", job.kind.toString())
                .setAttribute("trainyard.model", job.model)
                .startSpan();
    }

    /** Does a part of the attempt that this thread is at, as a span below it. */
    @SuppressWarnings("try") // what is closed is not asked anything
    <T> T step(String name, Supplier<T> work) {
        Span span = tracer.spanBuilder(name).startSpan();
        try (Scope within = span.makeCurrent()) {
            return work.get();
        } catch (JobCancelledException | JobPausedException | WorkerStoppingException | LeaseLostException asked) {
            throw asked;
        } catch (RuntimeException | Error failure) {
            span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
            throw failure;
        } finally {
            span.end();
        }
    }
}
