package io.trainyard.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import tools.jackson.core.JacksonException;

/** Turns every exception that leaves a controller into an RFC 9457 answer. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
@Profile("api")
class ProblemHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Duration DATABASE_RETRY = Duration.ofSeconds(5);

    @ExceptionHandler(ProblemException.class)
    ResponseEntity<ProblemDetail> problem(ProblemException problem, HttpServletRequest request) {
        if (problem.type().status().is5xxServerError()) {
            log.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), problem.detail());
        }
        return answer(problem, request);
    }

    @ExceptionHandler(HttpMessageNotReadableException.class)
    ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException unreadable, HttpServletRequest request) {
        for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return answer(problem, request);
            }
        }
        for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException fault) {
                return answer(JsonFaults.problem(fault), request);
            }
        }
        return answer(
                new ProblemException(ProblemType.MALFORMED_REQUEST, "The body is missing or cannot be read."), request);
    }

    @ExceptionHandler(JacksonException.class)
    ResponseEntity<ProblemDetail> json(JacksonException fault, HttpServletRequest request) {
        return answer(JsonFaults.problem(fault), request);
    }

    @ExceptionHandler(InvalidFieldException.class)
    ResponseEntity<ProblemDetail> parameter(InvalidFieldException invalid, HttpServletRequest request) {
        return answer(
                new ProblemException(
                        ProblemType.INVALID_REQUEST,
                        invalid.field() + ": " + invalid.detail(),
                        List.of(new FieldError(invalid.field(), invalid.detail()))),
                request);
    }

    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ResponseEntity<ProblemDetail> mismatch(MethodArgumentTypeMismatchException mismatch, HttpServletRequest request) {
        String detail = "'" + mismatch.getValue() + "' cannot be read as " + mismatch.getName();
        return answer(
                new ProblemException(
                        ProblemType.MALFORMED_REQUEST, detail, List.of(new FieldError(mismatch.getName(), detail))),
                request);
    }

    private ResponseEntity<ProblemDetail> databaseAway(Exception away, HttpServletRequest request) {
        log.warn("{} {}: PostgreSQL does not answer", request.getMethod(), request.getRequestURI(), away);
        return answer(
                new ProblemException(
                        ProblemType.DATABASE_UNAVAILABLE,
                        "PostgreSQL does not answer at the moment. Try again; with an Idempotency-Key a POST is carried out once.",
                        List.of(),
                        DATABASE_RETRY,
                        away),
                request);
    }

    @ExceptionHandler(InvalidParameterException.class)
    ResponseEntity<ProblemDetail> query(InvalidParameterException invalid, HttpServletRequest request) {
        return answer(
                new ProblemException(
                        ProblemType.MALFORMED_REQUEST, "The query is not percent-encoded UTF-8 and cannot be read."),
                request);
    }

    @ExceptionHandler(MultipartException.class)
    ResponseEntity<ProblemDetail> parts(MultipartException unreadable, HttpServletRequest request) {
        return unreadable instanceof MaxUploadSizeExceededException || DiskFull.is(unreadable)
                ? other(unreadable, request)
                : answer(
                        new ProblemException(
                                ProblemType.MALFORMED_REQUEST,
                                "The parts of the body cannot be read: it is cut off, or not multipart/form-data."),
                        request);
    }

    /** What was there when the request was checked is not there any more. */
    @ExceptionHandler(DataIntegrityViolationException.class)
    ResponseEntity<ProblemDetail> changed(DataIntegrityViolationException changed, HttpServletRequest request) {
        log.warn("{} {}", request.getMethod(), request.getRequestURI(), changed);
        return answer(
                new ProblemException(
                        ProblemType.CHANGED_MEANWHILE,
                        "Something that the request refers to was changed while it was carried out; look, and send it anew."),
                request);
    }

    /** The client has gone: there is nobody to answer. */
    @ExceptionHandler(AsyncRequestNotUsableException.class)
    void clientGone() {}

    @ExceptionHandler(Exception.class)
    ResponseEntity<ProblemDetail> other(Exception exception, HttpServletRequest request) {
        if (exception instanceof ErrorResponse framework
                && !framework.getStatusCode().is5xxServerError()) {
            ProblemException problem =
                    new ProblemException(type(framework, exception), detail(framework, exception, request));
            ResponseEntity<ProblemDetail> answer = answer(problem, request);
            HttpHeaders headers = new HttpHeaders();
            headers.putAll(answer.getHeaders());
            headers.putAll(framework.getHeaders());
            headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
            return new ResponseEntity<>(answer.getBody(), headers, answer.getStatusCode());
        }
        if (DatabaseAway.is(exception)) {
            return databaseAway(exception, request);
        }
        if (DiskFull.is(exception)) {
            log.error("{} {}: a disk is full", request.getMethod(), request.getRequestURI(), exception);
            return answer(
                    new ProblemException(
                            ProblemType.STORAGE_FULL,
                            "A disk of the service is full; nothing was kept. Its operator has to make room, then try again."),
                    request);
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), exception);
        return answer(
                new ProblemException(
                        ProblemType.INTERNAL_ERROR,
                        "The service met a fault of its own; its log holds the cause under this X-Request-Id."),
                request);
    }

    private static ProblemType type(ErrorResponse framework, Exception exception) {
        if (exception instanceof MaxUploadSizeExceededException) {
            return ProblemType.PAYLOAD_TOO_LARGE;
        }
        return switch (HttpStatus.valueOf(framework.getStatusCode().value())) {
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

    private static ResponseEntity<ProblemDetail> answer(ProblemException problem, HttpServletRequest request) {
        ProblemType type = problem.type();
        ProblemDetail body = ProblemDetail.forStatusAndDetail(type.status(), problem.detail());
        body.setType(type.uri());
        body.setTitle(type.title());
        body.setInstance(URI.create(request.getRequestURI()));
        if (!problem.errors().isEmpty()) {
            body.setProperty("errors", problem.errors());
        }
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(type.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        @Nullable Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            builder.header(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        return builder.body(body);
    }
}
