package io.trainyard.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.access.Role;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key, without its secret.
 *
 * @param prefix with which the key begins, after {@code ty_}
 * @param createdBy the name of the key or token that made it
 * @param key the key itself, in the answer that makes it and never again
 */
@Schema(name = "ApiKey")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyView(
        UUID id,
        @Schema(example = "k3v7q2ma") String prefix,
        String name,

        @Schema(
                type = "string",
                allowableValues = {"viewer", "predictor", "trainer", "publisher", "admin"})
        Role role,

        String owner,
        boolean allOwners,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Integer requestsPerSecond,
        @Nullable String key) {

    /** Nothing that is written down by accident holds the key. */
    @Override
    public String toString() {
        return "key " + prefix + " (" + name + ")";
    }
}
