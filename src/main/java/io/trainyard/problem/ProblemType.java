package io.trainyard.problem;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/**
 * Every kind of error that the API answers with. The {@code type} URI of a problem is {@code /problems/} and the
 * constant's name in lower case with hyphens; it is stable, and served as documentation at that address.
 */
public enum ProblemType {
    MALFORMED_REQUEST(
            HttpStatus.BAD_REQUEST,
            "Malformed request",
            "The body is not JSON, or a value has the wrong JSON type, or a parameter cannot be read."),
    UNKNOWN_FIELD(
            HttpStatus.BAD_REQUEST,
            "Unknown field",
            "The body holds a field that this operation does not know; a typo must never become a silent default."),
    UNAUTHENTICATED(
            HttpStatus.UNAUTHORIZED,
            "Not authenticated",
            "The request bears no API key or token that is good; send one as Authorization: Bearer."),
    FORBIDDEN(
            HttpStatus.FORBIDDEN,
            "Forbidden",
            "The role of the key or token does not allow the operation; the detail names one that does."),
    FOREIGN_HOST(
            HttpStatus.FORBIDDEN,
            "Foreign host",
            "The Host header names none of the service's own hosts; its operator lists them in"
                    + " trainyard.security.allowed-hosts."),
    TOO_MANY_FAILURES(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many failures",
            "Too many requests from this address bore a bad key or token; retry after Retry-After."),
    RATE_LIMITED(
            HttpStatus.TOO_MANY_REQUESTS,
            "Rate limited",
            "The key or token has sent more requests than its rate allows; retry after Retry-After."),
    QUOTA_EXCEEDED(
            HttpStatus.TOO_MANY_REQUESTS,
            "Quota exceeded",
            "The owner has as many queued jobs, or as much on disk, as one owner may."),
    NAME_TAKEN(
            HttpStatus.CONFLICT,
            "Name taken",
            "The name of the model or dataset belongs to another owner, or is a built-in one's; take another."),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found", "There is nothing at this address."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed", "The address exists, but not for this HTTP method."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE, "Not acceptable", "The answer has no form that the Accept header asks for."),
    JOB_FINISHED(HttpStatus.CONFLICT, "Job finished", "The job has ended; terminal states are final."),
    ALIAS_MOVED(
            HttpStatus.CONFLICT,
            "Alias moved",
            "The alias does not point at expected_version: somebody else has moved it. Look, and decide anew."),
    NOTHING_TO_ROLL_BACK(
            HttpStatus.CONFLICT,
            "Nothing to roll back to",
            "The version at which the alias pointed before is not there."),
    VERSION_IN_USE(
            HttpStatus.CONFLICT,
            "Version in use",
            "An alias points at the version, a rollout has it as its candidate, or a live job uses it."),
    ROLLOUT_CHANGED(
            HttpStatus.CONFLICT,
            "Rollout changed",
            "The rollout has another candidate than expected_candidate: somebody else has changed it. Look, and decide anew."),
    CHANGED_MEANWHILE(
            HttpStatus.CONFLICT,
            "Changed meanwhile",
            "Something that the request refers to was deleted or changed while it was carried out. Look, and send it anew."),
    BODY_TOO_SLOW(
            HttpStatus.REQUEST_TIMEOUT,
            "Body too slow",
            "The body did not arrive in time, which is short while many clients are slow; send it anew."),
    PAYLOAD_TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE, "Payload too large", "The body, or a part of it, is over the stated limit."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "Unsupported media type",
            "The operation does not read bodies of this Content-Type."),
    INVALID_REQUEST(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Invalid request",
            "The request is well-formed, but a value is out of its range; 'errors' names each field."),
    INVALID_NETWORK(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Invalid network",
            "The layers do not fit each other or the dataset; 'errors' names each layer with both shapes."),
    INVALID_INSTANCE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Invalid instance",
            "An instance to predict does not have the form that the model takes; 'errors' names each one."),
    INVALID_DATASET(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Invalid dataset",
            "A file cannot become a dataset version; 'errors' names the file, and the detail the row and column."),
    DATASET_IN_USE(
            HttpStatus.CONFLICT,
            "Dataset in use",
            "A job or a model version refers to the dataset version; what was made of it could not be explained without."),
    CROSS_SITE_REQUEST(
            HttpStatus.FORBIDDEN,
            "Cross-site request",
            "A browser sent the request for a page of another site, or without the token of the page's own session."),
    INSUFFICIENT_MEMORY(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Not enough memory",
            "Training or serving this network needs more memory than there is for it; the detail gives the estimate."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Idempotency-Key reused",
            "The same Idempotency-Key was used before with another body."),
    CAPACITY_EXCEEDED(
            HttpStatus.TOO_MANY_REQUESTS, "Capacity exceeded", "A queue or limit is full; retry after Retry-After."),
    INTERNAL_ERROR(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "Internal error",
            "A fault of the service; the log holds the cause under the answer's X-Request-Id."),
    DEADLINE_EXCEEDED(
            HttpStatus.GATEWAY_TIMEOUT,
            "Deadline exceeded",
            "The request's time ran out before there was an answer; one that still waited was not run."),
    ARTIFACT_DAMAGED(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Artifact damaged",
            "A stored file is missing or does not have the SHA-256 under which it was stored; it is not used."),
    STORAGE_FULL(
            HttpStatus.INSUFFICIENT_STORAGE,
            "Storage full",
            "A disk of the service has no room for what was sent or is to be made of it; nothing was kept of it."),
    DATASET_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Dataset unavailable",
            "A built-in dataset could not be fetched; the detail names the files and the folder to put them in."),
    ISSUER_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Issuer unavailable",
            "The OAuth 2 server does not answer, so its tokens cannot be checked; retry. API keys are good all the same."),
    DATABASE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Database unavailable", "PostgreSQL does not answer; retry.");

    private final HttpStatus status;
    private final String title;
    private final String description;

    ProblemType(HttpStatus status, String title, String description) {
        this.status = status;
        this.title = title;
        this.description = description;
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String description() {
        return description;
    }

    /** The last segment of the type's URI, such as {@code unknown-field}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The {@code type} member of RFC 9457, relative to the service. */
    public URI uri() {
        return URI.create("/problems/" + slug());
    }
}
