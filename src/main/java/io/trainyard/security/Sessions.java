package io.trainyard.security;

import io.trainyard.access.Actor;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Browsers that were shown a key. The cookie is a secret of its own, of which the database has the SHA-256, so that every API
 * process knows it; it ends with the key, and no later than {@code trainyard.security.session-lifetime}.
 */
@Component
@Profile("api")
class Sessions {

    /** The oldest make way. */
    private static final int MOST_OF_A_KEY = 50;

    private final JdbcClient jdbc;
    private final KnownCredentials known;
    private final SecurityProperties properties;
    private final Clock clock;

    Sessions(JdbcClient jdbc, KnownCredentials known, SecurityProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.known = known;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Begins a session.
     *
     * @param mayBeLetIn refuses whom the key is good for, but who comes too often
     * @return its cookie's value; empty when the key is not good
     */
    Optional<String> open(String key, Consumer<Actor> mayBeLetIn) {
        Optional<Secret> secret = Secret.parse(key.strip());
        Optional<Actor> actor = secret.flatMap(known -> this.known.find(known.sha256()));
        if (secret.isEmpty() || actor.isEmpty()) {
            return Optional.empty();
        }
        mayBeLetIn.accept(actor.get());
        jdbc.sql("""
                        delete from page_session where expires_at < now() or token_sha256 in (
                            select token_sha256 from page_session join api_key on id = key_id
                            where secret_sha256 = :key order by page_session.created_at desc offset :most)""")
                .param("key", secret.get().sha256())
                .param("most", MOST_OF_A_KEY - 1)
                .update();
        String token = Secret.randomText();
        jdbc.sql("""
                        insert into page_session (token_sha256, key_id, created_at, expires_at)
                        select :token, id, now(), :expires from api_key where secret_sha256 = :key""")
                .param("token", DigestUtils.sha256Hex(token))
                .param(
                        "expires",
                        clock.instant().plus(properties.sessionLifetime()).atOffset(ZoneOffset.UTC))
                .param("key", secret.get().sha256())
                .update();
        return Optional.of(token);
    }

    Optional<Actor> find(String token) {
        return known.find(DigestUtils.sha256Hex(token));
    }

    /** Whether it was there a moment ago. */
    boolean isKnown(String token) {
        return known.isKnown(DigestUtils.sha256Hex(token));
    }

    void close(String token) {
        jdbc.sql("delete from page_session where token_sha256 = :token")
                .param("token", DigestUtils.sha256Hex(token))
                .update();
        known.refresh();
    }

    /** What a page's own requests bear, and another site's cannot know. */
    static String csrfToken(String token) {
        return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, token).hmacHex("csrf");
    }
}
