package io.trainyard.access;

import org.jspecify.annotations.Nullable;

/**
 * Whose something is. It never changes.
 *
 * @param name null of what is there for all, such as built-in datasets: all may read it
 */
public record Owner(@Nullable String name) {

    public static final Owner ALL = new Owner(null);

    boolean letsRead(Actor actor) {
        return name == null || name.equals(actor.owner());
    }

    boolean letsChange(Actor actor) {
        return actor.owner().equals(name);
    }
}
