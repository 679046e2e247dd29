package io.trainyard;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** An OAuth 2 server, as far as its tokens are concerned: it tells its keys and signs. */
public final class Issuer {

    private static @Nullable Issuer shared;

    private final HttpServer server;
    private final RSAKey key;

    private Issuer() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/.well-known/openid-configuration", () -> """
                {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "subject_types_supported": ["public"]}""".formatted(uri()));
        answer("/keys", () -> new JWKSet(key.toPublicJWK()).toString());
        server.start();
    }

    public static synchronized Issuer shared() {
        if (shared == null) {
            try {
                shared = new Issuer();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    private void answer(String path, java.util.function.Supplier<String> body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    public String uri() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Claims of a token that is good for an hour, to be changed. */
    @SuppressWarnings("JavaUtilDate") // Nimbus asks for it
    public JWTClaimsSet.Builder claims(String subject, String role) {
        return new JWTClaimsSet.Builder()
                .issuer(uri())
                .audience("trainyard")
                .subject(subject)
                .claim("trainyard_role", role)
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
    }

    /** Signs with the server's own key. */
    public String sign(JWTClaimsSet claims) {
        return sign(claims, JWSAlgorithm.RS256, key);
    }

    /** Signs with any key. */
    public static String sign(JWTClaimsSet claims, JWSAlgorithm algorithm, RSAKey key) {
        try {
            return sign(
                    claims,
                    new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(),
                    new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs with anything. */
    public static String sign(JWTClaimsSet claims, JWSHeader header, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public RSAKey key() {
        return key;
    }
}
