package io.trainyard.security;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.access.Role;
import io.trainyard.problem.InvalidFieldException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key to be made.
 *
 * @param name by which people tell it from others
 * @param role what it may do
 * @param owner whose things it sees and makes: a person, team or service
 * @param allOwners whether it sees everybody's things; an admin's always does
 * @param expiresAt null for never
 * @param requestsPerSecond that it may send to one API process; null for as many as any
 */
public record KeySpec(
        @Schema(example = "ci of the vision team") String name,

        @Schema(
                type = "string",
                allowableValues = {"viewer", "predictor", "trainer", "publisher", "admin"})
        Role role,

        @Schema(example = "vision") String owner,
        @Nullable Boolean allOwners,
        @Nullable Instant expiresAt,
        @Schema(example = "100") @Nullable Integer requestsPerSecond) {

    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S} ]{1,100}");

    static boolean isOwner(String text) {
        return OWNER.matcher(text).matches();
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public KeySpec {
        if (name == null || !isName(name)) {
            throw new InvalidFieldException("/name", "must be 1 to 100 letters, digits, signs and spaces");
        }
        if (role == null) {
            throw new InvalidFieldException("/role", "must be one of viewer, predictor, trainer, publisher, admin");
        }
        if (owner == null || !isOwner(owner)) {
            throw new InvalidFieldException("/owner", "must match " + OWNER);
        }
        if (requestsPerSecond != null && (requestsPerSecond < 1 || requestsPerSecond > 1_000_000)) {
            throw new InvalidFieldException("/requests_per_second", "must be from 1 to 1000000");
        }
        allOwners = role == Role.ADMIN || Boolean.TRUE.equals(allOwners);
    }
}
