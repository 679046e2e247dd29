package io.trainyard.security;

import io.trainyard.access.Role;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** API keys: made, listed and revoked. A key that was revoked stays in the list, for the audit. */
@Component
public class Keys {

    private final JdbcClient jdbc;
    private final Clock clock;

    Keys(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Makes a key.
     *
     * @param by the name of who makes it
     * @return with the key itself, which nobody can tell again
     */
    public KeyView create(KeySpec spec, String by) {
        // PostgreSQL keeps microseconds.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (spec.expiresAt() != null && !spec.expiresAt().isAfter(now)) {
            throw new InvalidFieldException("/expires_at", "must be in the future, was " + spec.expiresAt());
        }
        Secret secret = Secret.random();
        KeyView key = new KeyView(
                UUID.randomUUID(),
                secret.prefix(),
                spec.name(),
                spec.role(),
                spec.owner(),
                Boolean.TRUE.equals(spec.allOwners()),
                by,
                now,
                spec.expiresAt() == null ? null : spec.expiresAt().truncatedTo(ChronoUnit.MICROS),
                null,
                spec.requestsPerSecond(),
                secret.text());
        jdbc.sql("""
                        insert into api_key
                            (id, prefix, secret_sha256, name, owner, role, all_owners, created_by, created_at, expires_at,
                             requests_per_second)
                        values (:id, :prefix, :sha256, :name, :owner, :role, :allOwners, :by, :now, :expires, :rate)""")
                .param("id", key.id())
                .param("prefix", key.prefix())
                .param("sha256", secret.sha256())
                .param("name", key.name())
                .param("owner", key.owner())
                .param("role", key.role().toString())
                .param("allOwners", key.allOwners())
                .param("by", by)
                .param("now", at(now))
                .param("expires", key.expiresAt() == null ? null : at(key.expiresAt()))
                .param("rate", key.requestsPerSecond())
                .update();
        return key;
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * Keys, the newest first.
     *
     * @param after the key before the first; null for all
     */
    public List<KeyView> page(@Nullable UUID after, int limit) {
        return jdbc.sql("""
                        select * from api_key
                        where cast(:after as uuid) is null or (created_at, id) <
                            (select created_at, id from api_key where id = cast(:after as uuid))
                        order by created_at desc, id desc limit :limit""")
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> view(row))
                .list();
    }

    /**
     * Ends a key and the sessions of browsers that were shown it; revoking it again does no harm.
     *
     * @throws ProblemException NOT_FOUND
     */
    public KeyView revoke(UUID id) {
        return jdbc.sql("update api_key set revoked_at = coalesce(revoked_at, now()) where id = :id returning *")
                .param("id", id)
                .query((row, number) -> view(row))
                .optional()
                .orElseThrow(() -> ProblemException.notFound("key", id));
    }

    /**
     * The key that people know by its prefix.
     *
     * @throws ProblemException NOT_FOUND
     */
    public KeyView named(String prefix) {
        return jdbc.sql("select * from api_key where prefix = :prefix")
                .param("prefix", prefix)
                .query((row, number) -> view(row))
                .optional()
                .orElseThrow(() -> ProblemException.notFound("key", prefix));
    }

    private static KeyView view(ResultSet row) throws SQLException {
        return new KeyView(
                row.getObject("id", UUID.class),
                row.getString("prefix"),
                row.getString("name"),
                Role.parse(row.getString("role")),
                row.getString("owner"),
                row.getBoolean("all_owners"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("revoked_at")),
                (Integer) row.getObject("requests_per_second"),
                null);
    }

    private static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }
}
