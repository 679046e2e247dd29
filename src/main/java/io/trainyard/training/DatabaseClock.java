package io.trainyard.training;

import com.github.kagkarlsson.scheduler.Clock;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database's clock, the only one that decides about leases: workers' own clocks may differ. While PostgreSQL is away
 * it goes on from where it was last: db-scheduler's threads end for good when their clock fails.
 */
final class DatabaseClock implements Clock {

    /** A PostgreSQL that takes so long has renewed no lease meanwhile. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private volatile Reading last;
    private volatile @Nullable Long awayAt;

    /**
     * @param nanos of this machine's monotonic clock at that time
     */
    private record Reading(Instant time, long nanos) {}

    /** Reads the clock, which must be there now. */
    DatabaseClock(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.last = read(jdbc);
    }

    @Override
    public Instant now() {
        long asked = System.nanoTime();
        try {
            last = read(jdbc);
            if (last.nanos() - asked > SLOW.toNanos()) {
                awayAt = last.nanos();
            }
            return last.time();
        } catch (DataAccessException away) {
            awayAt = System.nanoTime();
            Reading before = last;
            return before.time().plusNanos(System.nanoTime() - before.nanos());
        }
    }

    /** Whether PostgreSQL was away within the last {@code period}. */
    boolean wasAwayWithin(Duration period) {
        Long at = awayAt;
        return at != null && System.nanoTime() - at < period.toNanos();
    }

    private static Reading read(JdbcClient jdbc) {
        Instant time = jdbc.sql("select clock_timestamp()")
                .query(Timestamp.class)
                .single()
                .toInstant();
        return new Reading(time, System.nanoTime());
    }
}
