package io.trainyard.security;

import io.trainyard.access.Actor;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** An {@link Actor} in Spring Security's terms. What it may do, {@link OperationRules} says by its role. */
final class ActorAuthentication extends AbstractAuthenticationToken {

    private final transient Actor actor;

    ActorAuthentication(Actor actor) {
        super(List.of());
        this.actor = actor;
        setAuthenticated(true);
    }

    @Override
    public Actor getPrincipal() {
        return actor;
    }

    /** They have been checked, and nobody needs them any more. */
    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return actor.name();
    }
}
