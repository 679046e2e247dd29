package io.trainyard.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who does something.
 *
 * @param name to be shown and written down: a key's name, a token's subject
 * @param owner of what it makes, and of what it sees
 * @param role what it may do
 * @param allOwners whether it sees everybody's things
 * @param credential by which it was recognised, never a secret: a key's prefix, a token's issuer
 * @param until when that expires; null for never
 * @param requestsPerSecond that it may send; 0 for as many as any
 */
public record Actor(
        String name,
        String owner,
        Role role,
        boolean allOwners,
        String credential,
        @Nullable Instant until,
        int requestsPerSecond) {

    /** The one who uses a service that asks nobody who they are; what was made before owners were known is theirs too. */
    public static final Actor LOCAL = new Actor("local", "local", Role.ADMIN, true, "none", null, 0);

    public Actor {
        allOwners = allOwners || role == Role.ADMIN;
    }

    /** The one owner whose things it sees; null when it sees everybody's. */
    public @Nullable String only() {
        return allOwners ? null : owner;
    }

    /** Whether what it was recognised by has expired. */
    public boolean isExpired(Instant now) {
        return until != null && !now.isBefore(until);
    }

    public boolean may(Role wanted) {
        return role.includes(wanted);
    }
}
