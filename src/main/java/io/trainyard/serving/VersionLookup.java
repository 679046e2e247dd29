package io.trainyard.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.DatabaseAway;
import io.trainyard.problem.ProblemException;
import io.trainyard.rollout.Rollout;
import io.trainyard.rollout.Rollouts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Finds the version that a request means, as of a moment after the request came in: what was found before is still so while
 * the registry's state is the same, and one look at that serves all requests that wait for one. While PostgreSQL is away, an
 * alias and {@code latest} mean what they meant last, and a version that is loaded needs no look-up: versions do not change.
 */
@Component
@Profile("api")
class VersionLookup {

    private static final Logger log = LoggerFactory.getLogger(VersionLookup.class);
    /** For so long PostgreSQL is not asked again: each request would wait for a connection. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** For so long one waits for the look of another. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Ways to ask for a version that are remembered, for each version that may be loaded. */
    private static final long KNOWN_PER_LOADED = 8;
    /** How often a request may find that what it was just pointed at has been deleted. */
    private static final int MAX_DELETED = 5;
    /** PostgreSQL answers. */
    private static final long HERE = Long.MIN_VALUE;

    /** What a request says of a version. */
    private record Asked(String model, VersionChoice choice) {}

    /**
     * What was found.
     *
     * @param rollout the live one behind the alias that was named
     */
    private record Found(int number, @Nullable Rollout rollout) {}

    /** What was found, and the registry's state before. */
    private record Known(Found found, long state) {}

    private final Models models;
    private final Rollouts rollouts;
    private final LoadedModels loaded;
    private final SharedRead<Long> state;
    private final Cache<Asked, Known> known;
    private final AtomicLong awayUntil = new AtomicLong(HERE);
    private volatile long answeredAt = System.nanoTime();

    VersionLookup(Models models, Rollouts rollouts, LoadedModels loaded, ServingProperties properties) {
        this.models = models;
        this.rollouts = rollouts;
        this.loaded = loaded;
        this.state = new SharedRead<>(models::state, PATIENCE);
        this.known = Caffeine.newBuilder()
                .maximumSize(KNOWN_PER_LOADED * properties.maxLoaded())
                .build();
    }

    /**
     * @throws ProblemException NOT_FOUND
     */
    Route find(String model, VersionChoice choice) {
        for (int deleted = 0; deleted < MAX_DELETED; deleted++) {
            Found found = find(new Asked(model, choice));
            Optional<ModelVersion> version =
                    loaded.find(model, found.number()).or(() -> models.find(model, found.number()));
            if (version.isPresent()) {
                return new Route(version.get(), found.rollout());
            }
            // In between, the alias was moved or a version published, and the one before deleted.
        }
        return new Route(models.get(model, find(new Asked(model, choice)).number()), null);
    }

    private Found find(Asked asked) {
        try {
            return orWhileAway(() -> current(asked), lastKnown(asked));
        } catch (ProblemException gone) {
            forget(asked);
            throw gone;
        }
    }

    /** What has been withdrawn must not come back while PostgreSQL is away. */
    private void forget(Asked asked) {
        known.invalidate(asked);
        if (asked.choice() instanceof VersionChoice.Numbered numbered) {
            loaded.unload(asked.model(), numbered.number());
        }
    }

    private Optional<Found> lastKnown(Asked asked) {
        return asked.choice() instanceof VersionChoice.Numbered numbered
                ? loaded.find(asked.model(), numbered.number()).map(version -> new Found(version.version(), null))
                : Optional.ofNullable(known.getIfPresent(asked)).map(Known::found);
    }

    private Found current(Asked asked) {
        long current = state.get();
        Known last = known.getIfPresent(asked);
        if (last != null && last.state() == current) {
            return last.found();
        }
        Found found = look(asked.model(), asked.choice());
        known.put(asked, new Known(found, current));
        return found;
    }

    private Found look(String model, VersionChoice choice) {
        if (choice instanceof VersionChoice.Aliased aliased) {
            // A live rollout's version is that of its alias.
            return rollouts.live(model, aliased.alias())
                    .map(rollout -> new Found(rollout.version(), rollout))
                    .orElseGet(() -> new Found(models.aliased(model, aliased.alias()), null));
        }
        return new Found(models.number(model, choice), null);
    }

    private Found orWhileAway(Supplier<Found> ask, Optional<Found> known) {
        long until = awayUntil.get();
        if (until != HERE && known.isPresent()) {
            // While it is away one request at a time finds out whether it is back.
            boolean asks = System.nanoTime() - until >= 0 && awayUntil.compareAndSet(until, pause());
            if (!asks) {
                return known.get();
            }
        }
        long begun = System.nanoTime();
        try {
            Found found = ask.get();
            answered();
            return found;
        } catch (ProblemException gone) {
            answered();
            throw gone;
        } catch (RuntimeException away) {
            if (!DatabaseAway.is(away)) {
                throw away;
            }
            // Others may have been answered since.
            if (answeredAt - begun < 0) {
                awayUntil.set(pause());
            }
            log.debug("PostgreSQL is away: {}", away.getMessage());
            return known.orElseThrow(() -> away);
        }
    }

    private void answered() {
        answeredAt = System.nanoTime();
        awayUntil.set(HERE);
    }

    private static long pause() {
        return System.nanoTime() + PAUSE.toNanos();
    }
}
