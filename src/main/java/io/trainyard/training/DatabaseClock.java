package io.trainyard.training;

import com.github.kagkarlsson.scheduler.Clock;
import java.sql.Timestamp;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The database's clock, the only one that decides about leases: workers' own clocks may differ. */
record DatabaseClock(JdbcClient jdbc) implements Clock {

    @Override
    public Instant now() {
        return jdbc.sql("select clock_timestamp()")
                .query(Timestamp.class)
                .single()
                .toInstant();
    }
}
