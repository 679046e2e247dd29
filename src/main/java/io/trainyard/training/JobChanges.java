package io.trainyard.training;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Hears of every change of a job, by PostgreSQL's LISTEN on a connection of its own. After a lost connection all streams
 * look for themselves, since changes may have been missed.
 */
@Component
@Profile("api")
class JobChanges implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobChanges.class);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final PGNotification[] NONE = {};
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final DataSource dataSource;
    private final EventStreams streams;
    private volatile @Nullable Thread thread;

    JobChanges(DataSource dataSource, EventStreams streams) {
        this.dataSource = dataSource;
        this.streams = streams;
    }

    @Override
    public void start() {
        Thread started = new Thread(this::listen, "job-changes");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        Thread stopped = thread;
        thread = null;
        if (stopped != null) {
            stopped.interrupt();
        }
        streams.closeAll();
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void listen() {
        while (isRunning()) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(true);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("listen trainyard_job");
                }
                streams.wakeAll();
                listen(connection);
            } catch (SQLException away) {
                if (isRunning()) {
                    log.debug("not listening: {}", away.getMessage());
                    pause();
                }
            }
        }
    }

    /** Finds out that a connection was cut without a word. */
    private static void check(Connection connection) throws SQLException {
        if (!connection.isValid((int) KEEP_ALIVE.toSeconds())) {
            throw new SQLException("the connection is no longer valid");
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        long next = System.nanoTime() + KEEP_ALIVE.toNanos();
        while (isRunning()) {
            long left = TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime());
            if (left <= 0) {
                check(connection);
                streams.keepAlive();
                streams.wakeAll();
                next = System.nanoTime() + KEEP_ALIVE.toNanos();
                continue;
            }
            PGNotification[] notifications = postgres.getNotifications((int) left);
            for (PGNotification notification : notifications == null ? NONE : notifications) {
                streams.wake(UUID.fromString(notification.getParameter()));
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
