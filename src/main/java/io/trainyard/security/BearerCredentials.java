package io.trainyard.security;

import io.trainyard.access.Actor;
import io.trainyard.access.Credentials;
import io.trainyard.access.Role;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.lang3.Strings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.stereotype.Component;

/** What an {@code Authorization: Bearer} header (RFC 6750) bears: an API key, or a token of an OAuth 2 server. */
@Component
@Profile("api")
class BearerCredentials implements AuthenticationManager, Credentials {

    private static final String SCHEME = "Bearer ";
    private static final Duration ISSUER_RETRY = Duration.ofSeconds(5);
    /** Three parts in base64url (RFC 7519); what is wrong with one costs no look-up. */
    private static final Pattern TOKEN = Pattern.compile("[\\w-]+\\.[\\w-]*\\.[\\w-]*");

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
        if (mayBeGuessed(authorization)) {
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

    /** Whether a header may be a guess: it bears neither a key that was good a moment ago nor a token, which is checked anyway. */
    boolean mayBeGuessed(String authorization) {
        if (!Strings.CI.startsWith(authorization, SCHEME)) {
            return true;
        }
        String credential = authorization.substring(SCHEME.length()).strip();
        return Secret.parse(credential)
                .map(secret -> !keys.isKnown(secret.sha256()))
                .orElseGet(() -> tokens.getIfAvailable() == null
                        || !TOKEN.matcher(credential).matches());
    }

    @Override
    public boolean isGood(Actor actor) {
        return keys.isGood(actor);
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
        } catch (JwtException | JwtDecoderInitializationException away) {
            throw new ProblemException(
                    ProblemType.ISSUER_UNAVAILABLE,
                    "The OAuth 2 server does not answer, so the token cannot be checked. Try again.",
                    List.of(),
                    ISSUER_RETRY,
                    away);
        }
    }

    private Optional<Actor> actor(Jwt token) {
        String owner = token.getClaimAsString(properties.ownerClaim());
        Object claimed = token.getClaim(properties.roleClaim());
        // What was made while nobody was asked is no token's.
        if (owner == null || claimed == null || !KeySpec.isOwner(owner) || owner.equals(Actor.LOCAL.owner())) {
            return Optional.empty();
        }
        Collection<?> roles = claimed instanceof Collection<?> several ? several : List.of(claimed);
        return roles.stream()
                .flatMap(role -> role(String.valueOf(role)).stream())
                .max(Comparator.naturalOrder())
                .map(role -> new Actor(
                        token.getSubject() != null && KeySpec.isName(token.getSubject()) ? token.getSubject() : owner,
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
