package io.trainyard.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trainyard.problem.ProblemException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.springframework.stereotype.Component;

/** The facade of this module: whether somebody may know of a thing. */
@Component
public class Access {

    private static final int KNOWN = 10_000;

    private record Thing(Kind kind, String id) {}

    private final Map<Kind, Owners> owners = new EnumMap<>(Kind.class);
    /** Owners do not change, so who was known stays so while PostgreSQL is away. */
    private final Cache<Thing, Owner> known =
            Caffeine.newBuilder().maximumSize(KNOWN).build();

    Access(List<Owners> owners) {
        owners.forEach(each -> this.owners.put(each.kind(), each));
    }

    /**
     * @throws ProblemException NOT_FOUND when it is another's, or does not exist
     */
    public void checkRead(Actor actor, Kind kind, String id) {
        check(actor, kind, id, Owner::letsRead);
    }

    /**
     * @throws ProblemException NOT_FOUND when it is another's, there for all, or does not exist
     */
    public void checkChange(Actor actor, Kind kind, String id) {
        check(actor, kind, id, Owner::letsChange);
    }

    private void check(Actor actor, Kind kind, String id, BiPredicate<Owner, Actor> lets) {
        if (!actor.allOwners()
                && owner(kind, id).filter(owner -> lets.test(owner, actor)).isEmpty()) {
            throw ProblemException.notFound(kind.toString(), id);
        }
    }

    /** Whether something of that name exists that the actor must not add to. */
    public boolean isTaken(Actor actor, Kind kind, String id) {
        return !actor.allOwners()
                && owner(kind, id).filter(owner -> !owner.letsChange(actor)).isPresent();
    }

    /** Whether it exists, and the actor may read it. */
    public boolean sees(Actor actor, Kind kind, String id) {
        return actor.allOwners()
                || owner(kind, id).filter(owner -> owner.letsRead(actor)).isPresent();
    }

    private Optional<Owner> owner(Kind kind, String id) {
        Thing thing = new Thing(kind, id);
        Owner cached = known.getIfPresent(thing);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Owner> found = Objects.requireNonNull(owners.get(kind)).of(id);
        found.ifPresent(owner -> known.put(thing, owner));
        return found;
    }
}
