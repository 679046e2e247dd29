package io.trainyard.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trainyard.access.Actor;
import io.trainyard.access.CredentialWithdrawn;
import io.trainyard.access.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Keys and sessions that are good. Those that were seen before are looked at again every two seconds, apart from the
 * requests: a revocation is heard of within that time in every process, no request waits for it, and while PostgreSQL is away
 * those who were let in still are.
 */
@Component
@Profile("api")
class KnownCredentials implements InitializingBean, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(KnownCredentials.class);
    private static final Duration REFRESH = Duration.ofSeconds(2);
    private static final int MOST = 10_000;

    private final Cache<String, Actor> known =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "credentials");
        thread.setDaemon(true);
        return thread;
    });

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    KnownCredentials(JdbcClient jdbc, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        var unused = refresher.scheduleWithFixedDelay(
                this::refresh, REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        refresher.shutdownNow();
    }

    /**
     * Who has a secret.
     *
     * @param sha256 of a key or of a session's cookie
     */
    Optional<Actor> find(String sha256) {
        Actor actor = known.getIfPresent(sha256);
        if (actor == null) {
            actor = load(List.of(sha256)).get(sha256);
            if (actor == null) {
                return Optional.empty();
            }
            known.put(sha256, actor);
        }
        return actor.isExpired(clock.instant()) ? Optional.empty() : Optional.of(actor);
    }

    /** Whether a secret was good a moment ago. */
    boolean isKnown(String sha256) {
        return known.getIfPresent(sha256) != null;
    }

    /** Whether an actor's key, if it was recognised by one, is neither revoked nor expired. */
    boolean isGood(Actor actor) {
        try {
            return !actor.isExpired(clock.instant())
                    && jdbc.sql("select revoked_at is null from api_key where prefix = :prefix")
                            .param("prefix", actor.credential())
                            .query(Boolean.class)
                            .optional()
                            .orElse(true);
        } catch (DataAccessException away) {
            return true;
        }
    }

    /** Also called by whoever has withdrawn something, so that this process lets nobody in for two seconds more. */
    void refresh() {
        try {
            List<String> asked = new ArrayList<>(known.asMap().keySet());
            if (asked.isEmpty()) {
                return;
            }
            Map<String, Actor> good = load(asked);
            for (String sha256 : asked) {
                Actor actor = good.get(sha256);
                if (actor != null && !actor.isExpired(clock.instant())) {
                    known.put(sha256, actor);
                    continue;
                }
                Actor withdrawn = known.asMap().remove(sha256);
                if (withdrawn != null) {
                    events.publishEvent(new CredentialWithdrawn(withdrawn.credential()));
                }
            }
        } catch (DataAccessException | TransactionException away) {
            log.debug("credentials were not looked at: {}", away.getMessage());
        } catch (RuntimeException e) {
            // Else it would never run again.
            log.error("credentials were not looked at", e);
        }
    }

    private Map<String, Actor> load(Collection<String> sha256) {
        Map<String, Actor> found = new HashMap<>();
        jdbc.sql("""
                        select secret_sha256 as sha256, prefix, name, owner, role, all_owners, expires_at as until,
                            requests_per_second
                        from api_key where revoked_at is null and secret_sha256 in (:sha256)
                        union all
                        select token_sha256, prefix, name, owner, role, all_owners,
                            least(page_session.expires_at, api_key.expires_at), requests_per_second
                        from page_session join api_key on api_key.id = key_id
                        where revoked_at is null and token_sha256 in (:sha256)""")
                .param("sha256", sha256)
                .query((row, number) -> found.put(row.getString("sha256"), actor(row)))
                .list();
        return found;
    }

    private static Actor actor(ResultSet row) throws SQLException {
        Timestamp until = row.getTimestamp("until");
        return new Actor(
                row.getString("name"),
                row.getString("owner"),
                Role.parse(row.getString("role")),
                row.getBoolean("all_owners"),
                row.getString("prefix"),
                until == null ? null : until.toInstant(),
                row.getInt("requests_per_second"));
    }
}
