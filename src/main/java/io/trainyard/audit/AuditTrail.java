package io.trainyard.audit;

import io.trainyard.access.Actor;
import io.trainyard.problem.InvalidFieldException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The facade of this module. */
@Component
public class AuditTrail {

    private static final int LONGEST = 500;

    /** Somebody may put one where none belongs; its prefix stays. */
    private static final Pattern KEY = Pattern.compile("(ty_[a-z2-7]{8}_)[A-Za-z0-9_-]{43}");

    private final JdbcClient jdbc;

    AuditTrail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is to be written down.
     *
     * @param actor null for nobody known
     */
    public record Entry(
            @Nullable Actor actor,
            String address,
            String action,
            String object,
            AuditEvent.Outcome outcome,
            int status,
            String requestId) {}

    /** Which events are listed; null stands for any. */
    public record Filter(@Nullable String actor, @Nullable String action, AuditEvent.@Nullable Outcome outcome) {

        /** PostgreSQL's text cannot hold U+0000, so it must not be asked for it. */
        public Filter {
            check("actor", actor);
            check("action", action);
        }

        private static void check(String parameter, @Nullable String text) {
            if (text != null && text.indexOf('\0') >= 0) {
                throw new InvalidFieldException(parameter, "must not hold the character U+0000");
            }
        }
    }

    /** Writes down what happened. */
    public void add(Entry entry) {
        Actor actor = entry.actor();
        jdbc.sql("""
                        insert into audit_event
                            (actor, owner, role, credential, address, action, object, outcome, status, request_id)
                        values (:actor, :owner, :role, :credential, :address, :action, :object, :outcome, :status, :request)""")
                .param("actor", actor == null ? "anonymous" : storable(actor.name()))
                .param("owner", actor == null ? null : actor.owner())
                .param("role", actor == null ? null : actor.role().toString())
                .param("credential", actor == null ? "none" : storable(actor.credential()))
                .param("address", entry.address())
                .param("action", storable(entry.action()))
                .param("object", storable(entry.object()))
                .param("outcome", entry.outcome().toString())
                .param("status", entry.status())
                .param("request", entry.requestId())
                .update();
    }

    /** PostgreSQL's text cannot hold U+0000, and nobody's address fills the table. */
    private static String storable(String text) {
        return StringUtils.abbreviate(KEY.matcher(text).replaceAll("$1…").replace("\0", "\\0"), LONGEST);
    }

    /**
     * Events, the latest first.
     *
     * @param before the id of the event before the first; null for all
     */
    public List<AuditEvent> page(Filter filter, @Nullable Long before, int limit) {
        return jdbc.sql("""
                        select * from audit_event
                        where (cast(:actor as text) is null or actor = :actor)
                          and (cast(:action as text) is null or action ilike '%' || :action || '%')
                          and (cast(:outcome as text) is null or outcome = :outcome)
                          and (cast(:before as bigint) is null or id < :before)
                        order by id desc limit :limit""")
                .param("actor", filter.actor())
                .param("action", filter.action())
                .param(
                        "outcome",
                        filter.outcome() == null ? null : filter.outcome().toString())
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> event(row))
                .list();
    }

    private static AuditEvent event(ResultSet row) throws SQLException {
        return new AuditEvent(
                row.getLong("id"),
                row.getTimestamp("at").toInstant(),
                row.getString("actor"),
                row.getString("owner"),
                row.getString("role"),
                row.getString("credential"),
                row.getString("address"),
                row.getString("action"),
                row.getString("object"),
                AuditEvent.Outcome.parse(row.getString("outcome")),
                row.getInt("status"),
                row.getString("request_id"));
    }
}
