package io.trainyard.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** Says of every exception that leaves a controller what a client is told, and logs what its operator has to know. */
@Component
@Profile("api")
public class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    /** Under which the id of the request that is worked for is in the log's context. */
    public static final String REQUEST_ID = "request_id";

    private static final Duration DATABASE_RETRY = Duration.ofSeconds(5);

    private final MeterRegistry meters;

    Problems(MeterRegistry meters) {
        this.meters = meters;
    }

    /** For an address that nothing is known of. */
    static ProblemException nothingAt(HttpServletRequest request) {
        return new ProblemException(ProblemType.NOT_FOUND, "There is nothing at " + address(request) + ".");
    }

    /** What the client has asked for, also where Tomcat has passed the request on to the answer of errors. */
    public static String address(HttpServletRequest request) {
        Object asked = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        return asked == null ? request.getRequestURI() : asked.toString();
    }

    /** The problem that an exception is, in words a client can act on; counts it. */
    public ProblemException of(Exception exception, HttpServletRequest request) {
        ProblemException problem = translate(exception, request);
        Counter.builder("trainyard.problems")
                .description("Requests that were answered with a problem, by its name")
                .tag("problem", problem.type().slug())
                .register(meters)
                .increment();
        return problem;
    }

    private static ProblemException translate(Exception exception, HttpServletRequest request) {
        if (exception instanceof ProblemException problem) {
            if (problem.type().status().is5xxServerError()) {
                log.warn("{} {}: {}", request.getMethod(), address(request), problem.detail());
            }
            return problem;
        }
        if (exception instanceof HttpMessageNotReadableException unreadable) {
            return unreadable(unreadable);
        }
        if (exception instanceof InvalidFieldException invalid) {
            return new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    invalid.field() + ": " + invalid.detail(),
                    List.of(new FieldError(invalid.field(), invalid.detail())));
        }
        if (exception instanceof MethodArgumentTypeMismatchException mismatch) {
            String detail = "'" + mismatch.getValue() + "' cannot be read as " + mismatch.getName();
            return new ProblemException(
                    ProblemType.MALFORMED_REQUEST, detail, List.of(new FieldError(mismatch.getName(), detail)));
        }
        if (exception instanceof InvalidParameterException) {
            return new ProblemException(
                    ProblemType.MALFORMED_REQUEST, "The query is not percent-encoded UTF-8 and cannot be read.");
        }
        if (exception instanceof MultipartException && exception.getCause() instanceof ProblemException problem) {
            return problem;
        }
        if (exception instanceof MultipartException
                && !(exception instanceof MaxUploadSizeExceededException)
                && !DiskFull.is(exception)) {
            return new ProblemException(
                    ProblemType.MALFORMED_REQUEST,
                    "The parts of the body cannot be read: it is cut off, or not multipart/form-data.");
        }
        if (exception instanceof DataIntegrityViolationException changed) {
            // What was there when the request was checked is not there any more.
            log.warn("{} {}", request.getMethod(), address(request), changed);
            return new ProblemException(
                    ProblemType.CHANGED_MEANWHILE,
                    "Something that the request refers to was changed while it was carried out; look, and send it anew.");
        }
        if (exception instanceof NoHandlerFoundException || exception instanceof NoResourceFoundException) {
            return nothingAt(request);
        }
        if (exception instanceof ErrorResponse framework
                && !framework.getStatusCode().is5xxServerError()) {
            return new ProblemException(type(framework, exception), detail(framework, exception, request));
        }
        return ours(exception, request);
    }

    private static ProblemException unreadable(HttpMessageNotReadableException unreadable) {
        for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
        }
        for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException fault) {
                return JsonFaults.problem(fault);
            }
        }
        return new ProblemException(ProblemType.MALFORMED_REQUEST, "The body is missing or cannot be read.");
    }

    /** Not the client's doing. */
    private static ProblemException ours(Exception exception, HttpServletRequest request) {
        if (DatabaseAway.is(exception)) {
            log.warn("{} {}: PostgreSQL does not answer", request.getMethod(), address(request), exception);
            return new ProblemException(
                    ProblemType.DATABASE_UNAVAILABLE,
                    "PostgreSQL does not answer at the moment. Try again; with an Idempotency-Key a POST is carried out once.",
                    List.of(),
                    DATABASE_RETRY,
                    exception);
        }
        if (DiskFull.is(exception)) {
            log.error("{} {}: a disk is full", request.getMethod(), address(request), exception);
            return new ProblemException(
                    ProblemType.STORAGE_FULL,
                    "A disk of the service is full; nothing was kept. Its operator has to make room, then try again.");
        }
        log.error("{} {} failed", request.getMethod(), address(request), exception);
        return new ProblemException(
                ProblemType.INTERNAL_ERROR,
                "The service met a fault of its own. Its operator finds the cause in its log, under request id "
                        + MDC.get(REQUEST_ID) + ".");
    }

    private static ProblemType type(ErrorResponse framework, Exception exception) {
        if (exception instanceof MaxUploadSizeExceededException) {
            return ProblemType.PAYLOAD_TOO_LARGE;
        }
        return switch (HttpStatus.valueOf(framework.getStatusCode().value())) {
            case UNAUTHORIZED -> ProblemType.UNAUTHENTICATED;
            case FORBIDDEN -> ProblemType.FORBIDDEN;
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> ProblemType.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> ProblemType.NOT_ACCEPTABLE;
            case UNSUPPORTED_MEDIA_TYPE -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case CONTENT_TOO_LARGE -> ProblemType.PAYLOAD_TOO_LARGE;
            default -> ProblemType.MALFORMED_REQUEST;
        };
    }

    private static String detail(ErrorResponse framework, Exception exception, HttpServletRequest request) {
        if (exception instanceof HttpMediaTypeNotSupportedException media) {
            return "Content-Type '" + request.getContentType() + "' is not read here; send one of "
                    + media.getSupportedMediaTypes() + ".";
        }
        if (exception instanceof HttpRequestMethodNotSupportedException method) {
            return method.getMethod() + " is not possible here; allowed: " + method.getSupportedHttpMethods() + ".";
        }
        if (exception instanceof MissingRequestValueException missing) {
            return String.valueOf(missing.getBody().getDetail());
        }
        String detail = framework.getBody().getDetail();
        return detail == null ? "The request cannot be answered." : detail;
    }
}
