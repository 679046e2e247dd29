package io.trainyard.observability;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.trainyard.training.WorkerIdentity;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The end of this worker's own log, in the database, in the form that the console has: control characters and keys are
 * replaced. What was logged in the few seconds before a worker is killed is on its console only.
 */
@Component
@Profile("worker")
class WorkerLog {

    /** Of a worker, that are kept; and that wait to be written, of which the newest stay. */
    private static final int MOST_EVENTS = 1000;
    /** Of an event, its stack trace included. */
    private static final int MOST_CHARACTERS = 8000;

    private record Event(Instant at, @Nullable String job, String text) {}

    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private final WorkerIdentity identity;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final String pattern;
    private @Nullable Collector collector;

    WorkerLog(WorkerIdentity identity, JdbcClient jdbc, TransactionTemplate transaction, Environment environment) {
        this.identity = identity;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.pattern = environment.getRequiredProperty("logging.pattern.event");
    }

    /** From now on events are kept. */
    void open() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Collector opened = new Collector(context, pattern);
        opened.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(opened);
        collector = opened;
    }

    void close() {
        Collector opened = collector;
        if (opened != null) {
            ((LoggerContext) LoggerFactory.getILoggerFactory())
                    .getLogger(Logger.ROOT_LOGGER_NAME)
                    .detachAppender(opened);
            collector = null;
        }
    }

    /** Writes down what has come since the last time. */
    void write() {
        List<Event> events = take();
        if (events.isEmpty()) {
            return;
        }
        try {
            // All or none: what is put back must not be there already.
            transaction.executeWithoutResult(status -> write(events));
        } catch (RuntimeException away) {
            putBack(events);
            throw away;
        }
    }

    private void write(List<Event> events) {
        events.forEach(this::insert);
        jdbc.sql("""
                            delete from worker_log where worker_id = :worker and id <= (
                                select id from worker_log where worker_id = :worker order by id desc
                                offset :kept limit 1)""").param("worker", identity.id()).param("kept", MOST_EVENTS).update();
        jdbc.sql("delete from worker_log where at < now() - interval '1 day'").update();
    }

    private void insert(Event event) {
        jdbc.sql("""
                        insert into worker_log (worker_id, host, pid, at, job_id, event)
                        values (:worker, :host, :pid, :at, cast(:job as uuid), :event)""")
                .param("worker", identity.id())
                .param("host", identity.host())
                .param("pid", identity.pid())
                .param("at", Timestamp.from(event.at()))
                .param("job", event.job())
                .param("event", event.text())
                .update();
    }

    private List<Event> take() {
        synchronized (waiting) {
            List<Event> events = new ArrayList<>(waiting);
            waiting.clear();
            return events;
        }
    }

    /** Before those that have come meanwhile. */
    private void putBack(List<Event> events) {
        synchronized (waiting) {
            for (int i = events.size() - 1; i >= 0 && waiting.size() < MOST_EVENTS; i--) {
                waiting.addFirst(events.get(i));
            }
        }
    }

    private void add(Event event) {
        synchronized (waiting) {
            if (waiting.size() == MOST_EVENTS) {
                waiting.removeFirst();
            }
            waiting.addLast(event);
        }
    }

    /** Logback's end of it. */
    private final class Collector extends AppenderBase<ILoggingEvent> {

        private final PatternLayout layout = new PatternLayout();

        Collector(LoggerContext context, String pattern) {
            setContext(context);
            layout.setContext(context);
            layout.setPattern(pattern);
            layout.start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            // Before a stack trace there is an empty line.
            String lines = layout.doLayout(event).strip().replaceAll("\n{2,}", "\n");
            String text = StringUtils.abbreviate(lines, MOST_CHARACTERS);
            add(new Event(event.getInstant(), event.getMDCPropertyMap().get("job_id"), text.replace("\0", "")));
        }
    }
}
