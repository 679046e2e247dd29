package io.trainyard.rollout;

import io.trainyard.json.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What all API processes have found of rollouts, in the database. */
@Component
class RolloutSums {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    RolloutSums(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = StoredJson.shown(json);
    }

    /** A disagreement and its number among those of all rollouts. */
    record NumberedDisagreement(long id, Disagreement disagreement) {}

    /** Adds what one process has found. */
    @Transactional
    public void add(long rollout, Findings findings) {
        // Also has the processes add to one rollout one after another.
        jdbc.sql("""
                        update rollout set largest_difference = greatest(largest_difference, :difference)
                        where id = :rollout""")
                .param("difference", findings.largestDifference())
                .param("rollout", rollout)
                .update();
        jdbc.sql("""
                        insert into rollout_count (rollout_id, figure, count)
                        select :rollout, key, value::bigint from jsonb_each_text(cast(:counts as jsonb))
                        on conflict (rollout_id, figure) do update set count = rollout_count.count + excluded.count""")
                .param("rollout", rollout)
                .param("counts", json.writeValueAsString(findings.counts()))
                .update();
        for (Side side : Side.values()) {
            Map<Long, Long> latencies = findings.latencies(side);
            if (!latencies.isEmpty()) {
                jdbc.sql("""
                                insert into rollout_latency (rollout_id, side, micros, count)
                                select :rollout, :side, key::bigint, value::bigint
                                from jsonb_each_text(cast(:latencies as jsonb))
                                on conflict (rollout_id, side, micros)
                                    do update set count = rollout_latency.count + excluded.count""")
                        .param("rollout", rollout)
                        .param("side", side.toString())
                        .param("latencies", json.writeValueAsString(latencies))
                        .update();
            }
        }
        addDisagreements(rollout, findings.disagreements());
    }

    private void addDisagreements(long rollout, Collection<Disagreement> disagreements) {
        for (Disagreement disagreement : disagreements) {
            jdbc.sql("""
                            insert into rollout_disagreement
                                (rollout_id, at, request_id, instance, version_answer, candidate_answer, difference)
                            values (:rollout, :at, :request, cast(:instance as jsonb), cast(:version as jsonb),
                                cast(:candidate as jsonb), :difference)""")
                    .param("rollout", rollout)
                    .param("at", Timestamp.from(disagreement.at()))
                    .param("request", disagreement.requestId())
                    .param(
                            "instance",
                            disagreement.instance() == null ? null : json.writeValueAsString(disagreement.instance()))
                    .param("version", json.writeValueAsString(disagreement.version()))
                    .param("candidate", json.writeValueAsString(disagreement.candidate()))
                    .param("difference", disagreement.difference())
                    .update();
        }
        if (!disagreements.isEmpty()) {
            jdbc.sql("""
                            delete from rollout_disagreement where rollout_id = :rollout and id <= (
                                select id from rollout_disagreement where rollout_id = :rollout
                                order by id desc offset :kept limit 1)""")
                    .param("rollout", rollout)
                    .param("kept", Findings.MAX_DISAGREEMENTS)
                    .update();
        }
    }

    /** What has been found of a rollout so far, without the disagreements. */
    Findings of(long rollout) {
        Findings findings = new Findings();
        jdbc.sql("select figure, count from rollout_count where rollout_id = :rollout")
                .param("rollout", rollout)
                .query((ResultSet row) -> findings.count(row.getString("figure"), row.getLong("count")));
        jdbc.sql("select side, micros, count from rollout_latency where rollout_id = :rollout")
                .param("rollout", rollout)
                .query((ResultSet row) ->
                        findings.latency(Side.of(row.getString("side")), row.getLong("micros"), row.getLong("count")));
        jdbc.sql("select largest_difference from rollout where id = :rollout")
                .param("rollout", rollout)
                .query(Double.class)
                .optional()
                .ifPresent(findings::difference);
        return findings;
    }

    /**
     * The disagreements of a rollout that are kept, the newest first.
     *
     * @param before the number of one: only those before it
     */
    List<NumberedDisagreement> disagreements(long rollout, long before, int limit) {
        return jdbc.sql("""
                        select * from rollout_disagreement where rollout_id = :rollout and id < :before
                        order by id desc limit :limit""")
                .param("rollout", rollout)
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> new NumberedDisagreement(row.getLong("id"), disagreement(row)))
                .list();
    }

    private Disagreement disagreement(ResultSet row) throws SQLException {
        String instance = row.getString("instance");
        return new Disagreement(
                row.getTimestamp("at").toInstant(),
                row.getString("request_id"),
                instance == null ? null : json.readTree(instance),
                json.readValue(row.getString("version_answer"), Disagreement.Said.class),
                json.readValue(row.getString("candidate_answer"), Disagreement.Said.class),
                row.getDouble("difference"));
    }

    /** Of some rollouts those to which there may be something to add: they are live, or ended just now. */
    Set<Long> growing(Collection<Long> rollouts) {
        return rollouts.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.sql("""
                                select id from rollout
                                where id in (:rollouts) and (ended_at is null or ended_at > now() - interval '1 minute')""")
                        .param("rollouts", rollouts)
                        .query(Long.class)
                        .list());
    }
}
