package io.trainyard.security;

import io.trainyard.access.Actor;
import io.trainyard.access.Credentials;
import io.trainyard.access.Role;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.Strings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.stereotype.Component;

/** What an {@code Authorization: Bearer} header (RFC 6750) bears: an API key, or a token of an OAuth 2 server. */
@Component
@Profile("api")
class BearerCredentials implements AuthenticationManager, Credentials {

    private static final String SCHEME = "Bearer ";

    private final KnownCredentials keys;
    private final ObjectProvider<JwtDecoder> tokens;
    private final SecurityProperties properties;
    private final Limits limits;

    BearerCredentials(
            KnownCredentials keys, ObjectProvider<JwtDecoder> tokens, SecurityProperties properties, Limits limits) {
        this.keys = keys;
        this.tokens = tokens;
        this.properties = properties;
        this.limits = limits;
    }

    @Override
    public Authentication authenticate(Authentication request) {
        String token = ((BearerTokenAuthenticationToken) request).getToken();
        return new ActorAuthentication(find(token)
                .orElseThrow(
                        () -> new InvalidBearerTokenException("The key or token is not good, or is not any more.")));
    }

    @Override
    public Actor recognise(String authorization, String address) {
        if (!properties.isRequired()) {
            return Actor.LOCAL;
        }
        if (!Strings.CI.startsWith(authorization, SCHEME)) {
            throw new ProblemException(
                    ProblemType.UNAUTHENTICATED, "Send an API key or a token, as authorization: Bearer …");
        }
        if (!isKnown(authorization)) {
            limits.checkFailures(address);
        }
        Optional<Actor> actor = find(authorization.substring(SCHEME.length()).strip());
        if (actor.isEmpty()) {
            limits.failure(address);
            throw new ProblemException(
                    ProblemType.UNAUTHENTICATED, "The key or token is not good: mistyped, revoked or expired.");
        }
        limits.checkRate(actor.get());
        return actor.get();
    }

    /** Whether a header bears a key that was good a moment ago, without looking it up. */
    boolean isKnown(String authorization) {
        return Strings.CI.startsWith(authorization, SCHEME)
                && Secret.parse(authorization.substring(SCHEME.length()).strip())
                        .filter(secret -> keys.isKnown(secret.sha256()))
                        .isPresent();
    }

    private Optional<Actor> find(String token) {
        Optional<Secret> secret = Secret.parse(token);
        if (secret.isPresent()) {
            return keys.find(secret.get().sha256());
        }
        JwtDecoder decoder = tokens.getIfAvailable();
        if (decoder == null) {
            return Optional.empty();
        }
        try {
            return actor(decoder.decode(token));
        } catch (BadJwtException bad) {
            return Optional.empty();
        }
    }

    private Optional<Actor> actor(Jwt token) {
        String owner = token.getClaimAsString(properties.ownerClaim());
        Object claimed = token.getClaim(properties.roleClaim());
        if (StringUtils.isBlank(owner) || claimed == null) {
            return Optional.empty();
        }
        Collection<?> roles = claimed instanceof Collection<?> several ? several : List.of(claimed);
        return roles.stream()
                .flatMap(role -> role(String.valueOf(role)).stream())
                .max(Comparator.naturalOrder())
                .map(role -> new Actor(
                        StringUtils.defaultIfBlank(token.getSubject(), owner),
                        owner,
                        role,
                        false,
                        "token of " + token.getIssuer(),
                        token.getExpiresAt(),
                        0));
    }

    /** A token may name other programs' roles too. */
    private static Optional<Role> role(String text) {
        try {
            return Optional.of(Role.parse(text));
        } catch (IllegalArgumentException another) {
            return Optional.empty();
        }
    }
}
