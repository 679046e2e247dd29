package io.trainyard.rollout;

import io.trainyard.encoding.Target;
import io.trainyard.model.AliasMoved;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.VersionDeletion;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The facade of this module: begins, changes and ends rollouts. All of it happens under the model's lock, as moves of its
 * aliases do, so that a live rollout's version is always that of its alias.
 */
@Component
public class Rollouts {

    private final Models models;
    private final JdbcClient jdbc;

    Rollouts(Models models, JdbcClient jdbc) {
        this.models = models;
        this.jdbc = jdbc;
    }

    /** The rollout that is going on behind an alias. */
    public Optional<Rollout> live(String model, String alias) {
        Models.checkPossible(model + alias);
        return jdbc.sql("select * from rollout where model = :model and alias = :alias and ended_at is null")
                .param("model", model)
                .param("alias", alias)
                .query((row, number) -> rollout(row))
                .optional();
    }

    /**
     * The rollout that is going on behind an alias.
     *
     * @throws ProblemException NOT_FOUND
     */
    Rollout get(String model, String alias) {
        return live(model, alias)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no rollout behind alias '" + model + "/" + alias
                                + "' at the moment; GET …/rollouts lists those that have ended."));
    }

    /**
     * A rollout by its number, whether it has ended or not.
     *
     * @throws ProblemException NOT_FOUND
     */
    Rollout numbered(String model, String alias, long id) {
        return history(model, alias, id == Long.MAX_VALUE ? id : id + 1, 1).stream()
                .filter(rollout -> rollout.id() == id)
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("rollout", model + "/" + alias + "/" + id));
    }

    /**
     * The rollouts of an alias, the latest first.
     *
     * @param before the number of one: only those before it
     */
    List<Rollout> history(String model, String alias, long before, int limit) {
        Models.checkPossible(model + alias);
        return jdbc.sql("""
                        select * from rollout where model = :model and alias = :alias and id < :before
                        order by id desc limit :limit""")
                .param("model", model)
                .param("alias", alias)
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> rollout(row))
                .list();
    }

    /**
     * Begins a rollout. If the alias has one with the same candidate, that is changed and goes on; one with another candidate
     * ends.
     *
     * @throws ProblemException NOT_FOUND for the alias; ALIAS_MOVED
     * @throws InvalidFieldException when the candidate is not there, or cannot take the version's place
     */
    @Transactional
    public Rollout begin(String model, String alias, RolloutRequest request) {
        int version = models.holdAlias(model, alias, request.expectedVersion());
        checkCandidate(models.get(model, version), request);
        Optional<Rollout> live = live(model, alias);
        if (live.isPresent() && live.get().candidate() == request.candidate()) {
            jdbc.sql("""
                            update rollout set mode = :mode, weight = :weight,
                                tolerance = cast(:tolerance as double precision), changed_at = clock_timestamp()
                            where id = :id""")
                    .param("mode", request.mode().toString())
                    .param("weight", request.weight())
                    .param("tolerance", request.tolerance())
                    .param("id", live.get().id())
                    .update();
        } else {
            live.ifPresent(other -> end(other, Rollout.Outcome.SUPERSEDED));
            jdbc.sql("""
                            insert into rollout
                                (model, alias, version, candidate, held, mode, weight, tolerance, started_at, changed_at)
                            select :model, :alias, :version, :candidate, :candidate, :mode, :weight,
                                cast(:tolerance as double precision), now, now
                            from clock_timestamp() as now""")
                    .param("model", model)
                    .param("alias", alias)
                    .param("version", version)
                    .param("candidate", request.candidate())
                    .param("mode", request.mode().toString())
                    .param("weight", request.weight())
                    .param("tolerance", request.tolerance())
                    .update();
        }
        return get(model, alias);
    }

    private void checkCandidate(ModelVersion version, RolloutRequest request) {
        int number = request.candidate();
        if (number == version.version()) {
            throw new InvalidFieldException("/candidate", "is the version at which the alias points, " + number);
        }
        ModelVersion candidate = models.find(version.model(), number)
                .orElseThrow(() -> new InvalidFieldException(
                        "/candidate",
                        "must be a version of '" + version.model() + "', which has no version " + number));
        if (!candidate.encoding().rowForm().equals(version.encoding().rowForm())) {
            throw new InvalidFieldException(
                    "/candidate",
                    "does not take the rows that version " + version.version() + " takes: train it on the same columns,"
                            + " or pictures of the same size");
        }
        if (!candidate.target().equals(version.target())) {
            throw new InvalidFieldException(
                    "/candidate",
                    "does not answer what version " + version.version()
                            + " answers: the classes, or the number's name, must be the same");
        }
        boolean quantity = version.target() instanceof Target.Quantity;
        if (quantity && request.tolerance() == null) {
            throw new InvalidFieldException(
                    "/tolerance", "is required where answers are numbers: how far apart two may be and agree");
        }
        if (!quantity && request.tolerance() != null) {
            throw new InvalidFieldException(
                    "/tolerance", "is for models whose answers are numbers; classes are equal or not");
        }
    }

    /**
     * Ends a rollout, and leaves the alias where it is.
     *
     * @throws ProblemException NOT_FOUND; ALIAS_MOVED; ROLLOUT_CHANGED
     */
    @Transactional
    public Rollout rollBack(String model, String alias, @Nullable Integer version, @Nullable Integer candidate) {
        Rollout live = expect(model, alias, version, candidate);
        end(live, Rollout.Outcome.ROLLED_BACK);
        return numbered(model, alias, live.id());
    }

    /**
     * Moves the alias to the candidate, which ends the rollout.
     *
     * @param version at which the alias must point; null for wherever it does
     * @param candidate that must be the rollout's; null for whichever is
     * @throws ProblemException NOT_FOUND; ALIAS_MOVED; ROLLOUT_CHANGED
     */
    @Transactional
    public Rollout promote(String model, String alias, @Nullable Integer version, @Nullable Integer candidate) {
        Rollout live = expect(model, alias, version, candidate);
        models.pointAlias(model, alias, live.candidate(), live.version());
        return numbered(model, alias, live.id());
    }

    private Rollout expect(String model, String alias, @Nullable Integer version, @Nullable Integer candidate) {
        models.holdAlias(model, alias, version);
        Rollout live = get(model, alias);
        if (candidate != null && candidate != live.candidate()) {
            throw new ProblemException(
                    ProblemType.ROLLOUT_CHANGED,
                    "The candidate behind alias '" + alias + "' is version " + live.candidate()
                            + ", but expected_candidate is " + candidate + ".");
        }
        return live;
    }

    /** However an alias is moved, a rollout behind it ends: by its candidate's promotion, or superseded. */
    @EventListener
    void on(AliasMoved move) {
        live(move.model(), move.alias())
                .ifPresent(rollout -> end(
                        rollout,
                        move.version() != null && move.version() == rollout.candidate()
                                ? Rollout.Outcome.PROMOTED
                                : Rollout.Outcome.SUPERSEDED));
    }

    /** The candidate of a live rollout stays. */
    @EventListener
    void on(VersionDeletion deletion) {
        List<String> aliases = jdbc.sql("""
                        select alias from rollout where model = :model and candidate = :version and ended_at is null
                        order by alias""")
                .param("model", deletion.model())
                .param("version", deletion.version())
                .query(String.class)
                .list();
        if (!aliases.isEmpty()) {
            throw new ProblemException(
                    ProblemType.VERSION_IN_USE,
                    "Version " + deletion.version() + " of " + deletion.model()
                            + " is the candidate of a rollout behind " + String.join(", ", aliases)
                            + ": promote it or roll it back first.");
        }
    }

    private void end(Rollout rollout, Rollout.Outcome outcome) {
        jdbc.sql("update rollout set held = null, outcome = :outcome, ended_at = clock_timestamp() where id = :id")
                .param("outcome", outcome.toString())
                .param("id", rollout.id())
                .update();
    }

    private static Rollout rollout(ResultSet row) throws SQLException {
        String outcome = row.getString("outcome");
        return new Rollout(
                row.getLong("id"),
                row.getString("model"),
                row.getString("alias"),
                row.getInt("version"),
                row.getInt("candidate"),
                Rollout.Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                row.getDouble("weight"),
                row.getObject("tolerance", Double.class),
                row.getTimestamp("started_at").toInstant(),
                row.getTimestamp("changed_at").toInstant(),
                instant(row.getTimestamp("ended_at")),
                outcome == null ? null : Rollout.Outcome.valueOf(outcome.toUpperCase(Locale.ROOT)));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
