package io.trainyard.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody did, or tried to.
 *
 * @param actor the name of the key or token; {@code anonymous} for nobody known
 * @param owner null for nobody known
 * @param role likewise
 * @param credential the key's prefix, or the token's issuer
 * @param address from which it came
 * @param action the operation: method and address with its names left open
 * @param object the address itself, or what a command was about
 * @param outcome done, refused (401, 403, 404, 429), or failed
 * @param status of the HTTP answer; 0 of a command
 * @param requestId as in the answer's {@code X-Request-Id} and in the log
 */
@Schema(name = "AuditEvent")
public record AuditEvent(
        long id,
        Instant at,
        @Schema(example = "ci of the vision team") String actor,
        @Nullable String owner,
        @Nullable String role,
        String credential,
        String address,

        @Schema(example = "PUT /api/v1/models/{name}/aliases/{alias}")
        String action,

        @Schema(example = "/api/v1/models/digits/aliases/production")
        String object,

        Outcome outcome,
        int status,
        String requestId) {

    /** What became of it. */
    public enum Outcome {
        DONE,
        REFUSED,
        FAILED
    }
}
