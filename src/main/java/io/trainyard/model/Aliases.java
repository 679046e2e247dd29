package io.trainyard.model;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Points aliases at versions. Moves of one model's aliases, and deletions of its versions, go one after another. Other modules
 * hear of each move, within its transaction, by an {@link AliasMoved}.
 */
@Component
public class Aliases {

    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private final ModelRows models;
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;

    Aliases(ModelRows models, JdbcClient jdbc, ApplicationEventPublisher events) {
        this.models = models;
        this.jdbc = jdbc;
        this.events = events;
    }

    /**
     * Where an alias points.
     *
     * @param at the time that is asked about; the present where null
     * @throws ProblemException NOT_FOUND
     */
    Alias get(String model, String alias, @Nullable Instant at) {
        Models.checkPossible(model + alias);
        return (at == null ? find(model, alias) : at(model, alias, at)).orElseThrow(() -> notFound(model, alias));
    }

    private static ProblemException notFound(String model, String alias) {
        return ProblemException.notFound("alias", model + "/" + alias);
    }

    private Optional<Alias> find(String model, String alias) {
        return jdbc.sql("select alias, version, moved_at from model_alias where model = :model and alias = :alias")
                .param("model", model)
                .param("alias", alias)
                .query(Alias.class)
                .optional();
    }

    /** The aliases of a model, by name. */
    public List<Alias> of(String model) {
        Models.checkPossible(model);
        return jdbc.sql("select alias, version, moved_at from model_alias where model = :model order by alias")
                .param("model", model)
                .query(Alias.class)
                .list();
    }

    private Optional<Alias> at(String model, String alias, Instant asked) {
        // PostgreSQL's times do not reach as far as Java's.
        Instant time = asked.isAfter(LAST) ? LAST : asked.isBefore(Instant.EPOCH) ? Instant.EPOCH : asked;
        return jdbc.sql("""
                        select version, at from model_alias_move
                        where model = :model and alias = :alias and at <= :time order by id desc limit 1""")
                .param("model", model)
                .param("alias", alias)
                .param("time", Timestamp.from(time))
                .query((row, number) -> {
                    int version = row.getInt("version");
                    return row.wasNull()
                            ? Optional.<Alias>empty()
                            : Optional.of(new Alias(
                                    alias, version, row.getTimestamp("at").toInstant()));
                })
                .optional()
                .flatMap(found -> found);
    }

    /**
     * What was done to an alias, the latest first.
     *
     * @param before the number of a move: only those before it
     */
    public List<NumberedMove> history(String model, String alias, long before, int limit) {
        Models.checkPossible(model + alias);
        return jdbc.sql("""
                        select id, version, previous, at from model_alias_move
                        where model = :model and alias = :alias and id < :before order by id desc limit :limit""")
                .param("model", model)
                .param("alias", alias)
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> new NumberedMove(
                        row.getLong("id"),
                        new AliasMove(
                                row.getObject("version", Integer.class),
                                row.getObject("previous", Integer.class),
                                row.getTimestamp("at").toInstant())))
                .list();
    }

    /** A move and its number in the history of all aliases. */
    public record NumberedMove(long id, AliasMove move) {}

    /**
     * Points an alias at a version.
     *
     * @param expected at which it must point before; null for wherever it does, 0 for an alias that is new
     * @throws ProblemException NOT_FOUND for the version; ALIAS_MOVED
     */
    @Transactional
    public Alias move(String model, String alias, int version, @Nullable Integer expected) {
        Alias.checkName(alias);
        Optional<Alias> before = expect(model, alias, expected);
        return before.isPresent() && before.get().version() == version
                ? before.get()
                : pointAt(model, alias, version, before);
    }

    /**
     * Points an alias at the version at which it pointed before its last move.
     *
     * @throws ProblemException NOT_FOUND; ALIAS_MOVED; NOTHING_TO_ROLL_BACK when there is no version to go back to
     */
    @Transactional
    public Alias rollBack(String model, String alias, @Nullable Integer expected) {
        Optional<Alias> now = expect(model, alias, expected);
        if (now.isEmpty()) {
            throw notFound(model, alias);
        }
        Integer previous =
                history(model, alias, Long.MAX_VALUE, 1).get(0).move().previousVersion();
        if (previous == null) {
            throw new ProblemException(
                    ProblemType.NOTHING_TO_ROLL_BACK,
                    "Alias '" + alias + "' has pointed at version " + now.get().version() + " since it was made.");
        }
        if (!exists(model, previous)) {
            throw new ProblemException(
                    ProblemType.NOTHING_TO_ROLL_BACK,
                    "Version " + previous + ", at which alias '" + alias + "' pointed before, has been deleted.");
        }
        return pointAt(model, alias, previous, now);
    }

    /**
     * Removes an alias; its history stays.
     *
     * @throws ProblemException NOT_FOUND; ALIAS_MOVED
     */
    @Transactional
    public void remove(String model, String alias, @Nullable Integer expected) {
        Alias before = expect(model, alias, expected).orElseThrow(() -> notFound(model, alias));
        jdbc.sql("delete from model_alias where model = :model and alias = :alias")
                .param("model", model)
                .param("alias", alias)
                .update();
        record(model, alias, null, before.version());
        events.publishEvent(new AliasMoved(model, alias, null));
    }

    private Alias pointAt(String model, String alias, int version, Optional<Alias> before) {
        if (!exists(model, version)) {
            throw ProblemException.notFound("model version", model + "/" + version);
        }
        Instant at = record(model, alias, version, before.map(Alias::version).orElse(null));
        jdbc.sql("""
                        insert into model_alias (model, alias, version, moved_at) values (:model, :alias, :version, :at)
                        on conflict (model, alias) do update set version = excluded.version, moved_at = excluded.moved_at""")
                .param("model", model)
                .param("alias", alias)
                .param("version", version)
                .param("at", Timestamp.from(at))
                .update();
        events.publishEvent(new AliasMoved(model, alias, version));
        return new Alias(alias, version, at);
    }

    /**
     * Keeps an alias where it is until the end of the caller's transaction.
     *
     * @return the version at which it points
     * @throws ProblemException NOT_FOUND; ALIAS_MOVED
     */
    int hold(String model, String alias, @Nullable Integer expected) {
        return expect(model, alias, expected)
                .orElseThrow(() -> notFound(model, alias))
                .version();
    }

    /** Locks the model, and checks that an alias is where it should be; returns where it is. */
    private Optional<Alias> expect(String model, String alias, @Nullable Integer expected) {
        Models.checkPossible(model + alias);
        if (models.lock(model).isEmpty()) {
            throw ProblemException.notFound("model", model);
        }
        Optional<Alias> before = find(model, alias);
        int version = before.map(Alias::version).orElse(0);
        if (expected != null && expected != version) {
            throw new ProblemException(
                    ProblemType.ALIAS_MOVED,
                    version == 0
                            ? "There is no alias '" + alias + "', but expected_version is " + expected + "."
                            : "Alias '" + alias + "' points at version " + version + ", but expected_version is "
                                    + expected + ".");
        }
        return before;
    }

    private boolean exists(String model, int version) {
        return !jdbc.sql("select 1 from model_version where model = :model and version = :version")
                .param("model", model)
                .param("version", version)
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    /** Under the model's lock the clock's readings are in the order of the moves. */
    private Instant record(String model, String alias, @Nullable Integer version, @Nullable Integer previous) {
        return Objects.requireNonNull(jdbc.sql("""
                        insert into model_alias_move (model, alias, version, previous, at)
                        values (:model, :alias, cast(:version as integer), cast(:previous as integer), clock_timestamp())
                        returning at""")
                .param("model", model)
                .param("alias", alias)
                .param("version", version)
                .param("previous", previous)
                .query((row, number) -> row.getTimestamp("at").toInstant())
                .single());
    }
}
