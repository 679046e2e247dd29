package io.trainyard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.trainyard.Issuer;
import io.trainyard.SecuredService;
import io.trainyard.Service;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import tools.jackson.databind.JsonNode;

/** Keys, tokens and sessions let in whom they name, for as long as they are good, and nobody else. */
class AuthenticationTest {

    private static final String JOBS = "/api/v1/jobs";
    private static final String KEYS = "/api/v1/keys";
    /** What is promised, and the time that a busy machine may take. */
    private static final Duration REVOKED_WITHIN = Duration.ofSeconds(15);

    private static final SecuredService service = SecuredService.shared();
    private static final Issuer issuer = Issuer.shared();
    private static final HttpClient client = HttpClient.newHttpClient();

    @Test
    void keyIsShownOnceAndKeptAsItsHash() {
        JsonNode made = service.make("{\"name\": \"once\", \"role\": \"viewer\", \"owner\": \"carol\"}");
        String key = made.get("key").stringValue();
        String secret = key.substring(key.lastIndexOf('_') + 1);

        assertThat(key).matches("ty_[a-z2-7]{8}_[A-Za-z0-9_-]{43}");
        assertThat(made.get("prefix").stringValue()).isEqualTo(key.substring(3, 11));
        assertThat(service.get(KEYS + "?limit=500", service.adminKey()).body())
                .contains(made.get("id").stringValue())
                .doesNotContain(secret);
        assertThat(everythingInTheDatabase())
                .contains(made.get("prefix").stringValue())
                .doesNotContain(secret);
    }

    private static String everythingInTheDatabase() {
        JdbcClient jdbc = Service.shared().bean(JdbcClient.class);
        StringBuilder all = new StringBuilder();
        jdbc.sql("select table_name from information_schema.tables where table_schema = current_schema()"
                        + " and table_type = 'BASE TABLE'")
                .query(String.class)
                .list()
                .forEach(table -> jdbc.sql("select row::text from \"" + table + "\" as row")
                        .query(String.class)
                        .list()
                        .forEach(all::append));
        return all.toString();
    }

    static List<String> badCredentials() {
        String good = service.key("viewer", "carol");
        return List.of(
                "Bearer " + good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A"),
                "Bearer " + good + "x",
                "Bearer ty_aaaaaaaa_" + "A".repeat(43),
                "Bearer ty_",
                "Bearer x",
                "Bearer \u00e9",
                "Bearer",
                "Basic " + good,
                good);
    }

    @ParameterizedTest
    @MethodSource("badCredentials")
    void badKeyIsRefusedInWordsThatDoNotRepeatIt(String authorization) {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(service.uri(JOBS)).header("Authorization", authorization));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(Service.json(answer).get("type").stringValue()).isEqualTo("/problems/unauthenticated");
        if (authorization.length() > 12) {
            assertThat(answer.body()).doesNotContain(authorization.substring(7));
        }
    }

    @Test
    void revokedKeyIsLetInNoMoreByThisProcessAtOnceAndByOthersWithinSeconds() {
        JsonNode made = service.make("{\"name\": \"gone\", \"role\": \"viewer\", \"owner\": \"carol\"}");
        String key = made.get("key").stringValue();
        assertThat(service.get(JOBS, key).statusCode()).isEqualTo(200);

        // By another process.
        send(HttpRequest.newBuilder(
                        Service.shared().uri(KEYS + "/" + made.get("id").stringValue()))
                .DELETE());
        Awaitility.await()
                .atMost(REVOKED_WITHIN)
                .until(() -> service.get(JOBS, key).statusCode() == 401);

        JsonNode second = service.make("{\"name\": \"gone too\", \"role\": \"viewer\", \"owner\": \"carol\"}");
        String secondKey = second.get("key").stringValue();
        assertThat(service.get(JOBS, secondKey).statusCode()).isEqualTo(200);
        service.send("DELETE", KEYS + "/" + second.get("id").stringValue(), service.adminKey(), null);
        assertThat(service.get(JOBS, secondKey).statusCode()).isEqualTo(401);
    }

    @Test
    void streamEndsWhenItsKeyIsRevoked() throws IOException, InterruptedException {
        JsonNode made = service.make("{\"name\": \"listener\", \"role\": \"viewer\", \"owner\": \"carol\"}");
        HttpResponse<InputStream> stream = client.send(
                service.request("/api/v1/jobs/events", made.get("key").stringValue())
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("event:jobs");

            service.send("DELETE", KEYS + "/" + made.get("id").stringValue(), service.adminKey(), null);

            // To its end.
            assertThat(lines.lines().toList()).isNotNull();
        }
    }

    @Test
    void expiredKeyIsLetInNoMore() {
        Instant soon = Instant.now().plusSeconds(2);
        JsonNode made = service.make(
                "{\"name\": \"brief\", \"role\": \"viewer\", \"owner\": \"carol\", \"expires_at\": \"" + soon + "\"}");

        Awaitility.await()
                .atMost(REVOKED_WITHIN)
                .until(() -> service.get(JOBS, made.get("key").stringValue()).statusCode() == 401);
        assertThat(Instant.now()).isAfter(soon);
    }

    @Test
    void keyThatCannotBeMeantIsRefused() {
        for (String spec : List.of(
                "{}",
                "{\"name\": \"x\", \"role\": \"boss\", \"owner\": \"a\"}",
                "{\"name\": \"x\\ny\", \"role\": \"viewer\", \"owner\": \"a\"}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"owner\": \"../a\"}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"owner\": \"a\", \"expires_at\": \"2020-01-01T00:00:00Z\"}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"owner\": \"a\", \"requests_per_second\": 0}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"owner\": \"a\", \"secret\": \"mine\"}")) {
            HttpResponse<String> answer = service.send("POST", KEYS, service.adminKey(), spec);

            assertThat(answer.statusCode()).as(spec + answer.body()).isIn(400, 422);
            assertThat(answer.body()).doesNotContain("Exception");
        }
    }

    @Test
    void tokenOfTheIssuerIsLetInWithItsRoleAndOwner() {
        String viewer = issuer.sign(issuer.claims("dora", "viewer").build());

        assertThat(service.get(JOBS, viewer).statusCode()).isEqualTo(200);
        assertThat(service.send("POST", JOBS, viewer, "{}").statusCode()).isEqualTo(403);
        assertThat(service.send(
                                "POST",
                                JOBS,
                                issuer.sign(issuer.claims("dora", "trainer").build()),
                                Service.irisJob("doras", 1))
                        .statusCode())
                .isEqualTo(202);
        assertThat(Service.json(service.get(JOBS, viewer)).at("/items/0/owner").stringValue())
                .isEqualTo("dora");
    }

    /** As RFC 9068 has it, and as servers write it otherwise. */
    @Test
    void typesOfAccessTokensAreTaken() throws JOSEException {
        for (String type : List.of("at+jwt", "application/at+jwt", "JWT")) {
            String token = Issuer.sign(
                    issuer.claims("dora", "viewer").build(),
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID("one")
                            .type(new JOSEObjectType(type))
                            .build(),
                    new RSASSASigner(issuer.key()));

            assertThat(service.get(JOBS, token).statusCode()).as(type).isEqualTo(200);
        }
    }

    /** Not 401: the token may be good. */
    @Test
    void issuerThatIsAwayIsSaidToBe() {
        OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
        properties.getJwt().setIssuerUri("http://localhost:1");
        properties.getJwt().setAudiences(List.of("trainyard"));
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("decoder", new TokenConfiguration().jwtDecoder(properties));
        BearerCredentials bearer = new BearerCredentials(
                service.bean(KnownCredentials.class),
                beans.getBeanProvider(JwtDecoder.class),
                service.bean(SecurityProperties.class),
                service.bean(Limits.class));

        assertThatThrownBy(() -> bearer.recognise(
                        "Bearer " + issuer.sign(issuer.claims("dora", "viewer").build()), "192.0.2.9"))
                .isInstanceOfSatisfying(ProblemException.class, away -> assertThat(away.type())
                        .isEqualTo(ProblemType.ISSUER_UNAVAILABLE));
    }

    @Test
    void refusalOfAPageIsAPage() {
        String cookie = login(service.key("viewer", "erin"), "/")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";", 2)[0];

        HttpResponse<String> answer = withCookie("GET", "/keys", cookie, Map.of("Accept", "text/html"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("<h1>Forbidden</h1>").contains("role admin");
    }

    @Test
    void ownersPutTheirJobsBeforeNobodyElses() {
        HttpResponse<String> answer = service.send(
                "POST",
                JOBS,
                service.key("trainer", "pat"),
                Service.irisJob("pats", 1).replaceFirst("\\{", "{\"priority\": 1,"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("/priority");
    }

    /** A token that was tampered with, and what is wrong with it. */
    private record BadToken(String name, String token) {
        @Override
        public String toString() {
            return name;
        }
    }

    @SuppressWarnings("JavaUtilDate")
    static Stream<BadToken> badTokens() throws JOSEException {
        JWTClaimsSet good = issuer.claims("dora", "admin").build();
        String signed = issuer.sign(good);
        String[] parts = signed.split("\\.", -1);
        return Stream.of(
                changed("of another issuer", claims -> claims.issuer("https://elsewhere.example")),
                changed("for another audience", claims -> claims.audience("billing")),
                changed("for no audience", claims -> claims.audience((String) null)),
                changed(
                        "expired",
                        claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(3600)))),
                changed(
                        "not yet good",
                        claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(3600)))),
                changed("without a role", claims -> claims.claim("trainyard_role", null)),
                changed("with a role that there is not", claims -> claims.claim("trainyard_role", "boss")),
                changed("without an end", claims -> claims.expirationTime(null)),
                changed("of the owner of what was there before", claims -> claims.subject("local")),
                changed("of an owner that is none", claims -> claims.subject("../x\u0000")),
                changed("without an owner", claims -> claims.subject(null)),
                new BadToken("not signed", new PlainJWT(new PlainHeader(), good).serialize()),
                new BadToken("its signature cut off", parts[0] + "." + parts[1] + "."),
                new BadToken(
                        "of another key",
                        Issuer.sign(
                                good,
                                JWSAlgorithm.RS256,
                                new RSAKeyGenerator(2048).keyID("one").generate())),
                new BadToken("of an algorithm that is not named", Issuer.sign(good, JWSAlgorithm.RS512, issuer.key())),
                new BadToken(
                        "signed with the public key as a secret",
                        Issuer.sign(
                                good,
                                new JWSHeader(JWSAlgorithm.HS256),
                                new MACSigner(issuer.key().toRSAPublicKey().getEncoded()))));
    }

    private static BadToken changed(String name, Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = issuer.claims("dora", "admin");
        change.accept(claims);
        return new BadToken(name, issuer.sign(claims.build()));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void tokenThatIsNotGoodIsRefused(BadToken bad) {
        assertThat(service.get(KEYS, bad.token()).statusCode()).isEqualTo(401);
    }

    @Test
    void browserIsLetInByItsCookieAndChangesNothingWithoutItsToken() {
        String key = service.key("trainer", "erin");
        HttpResponse<String> login = login(key, "/models?x=1");
        assertThat(login.statusCode()).isEqualTo(303);
        assertThat(login.headers().firstValue("Location").orElse("")).isEqualTo("/models?x=1");
        List<String> cookies = login.headers().allValues("Set-Cookie");
        assertThat(cookies).hasSize(2).allMatch(cookie -> cookie.contains("SameSite=Strict"));
        assertThat(cookies.get(0)).startsWith("trainyard_session=").contains("HttpOnly");
        String session = cookies.get(0).split(";", 2)[0];
        String token = cookies.get(1).split("[=;]", 3)[1];

        assertThat(withCookie("GET", "/jobs", session, Map.of("Accept", "text/html"))
                        .body())
                .contains("Log out")
                .contains(token);
        assertThat(withCookie("POST", JOBS, session, Map.of()).statusCode()).isEqualTo(403);
        assertThat(withCookie("POST", JOBS, session, Map.of("X-CSRF-Token", "f".repeat(64)))
                        .statusCode())
                .isEqualTo(403);
        // Past the token: the body is what is wrong.
        assertThat(withCookie("POST", JOBS, session, Map.of("X-CSRF-Token", token))
                        .statusCode())
                .isEqualTo(422);
        assertThat(withCookie("POST", KEYS, session, Map.of("X-CSRF-Token", token))
                        .body())
                .contains("role admin");

        assertThat(withCookie("POST", "/logout", session, Map.of("X-CSRF-Token", token))
                        .statusCode())
                .isEqualTo(303);
        assertThat(withCookie("GET", JOBS, session, Map.of()).statusCode()).isEqualTo(401);
    }

    @Test
    void sessionEndsWithItsKey() {
        JsonNode made = service.make("{\"name\": \"of a browser\", \"role\": \"viewer\", \"owner\": \"erin\"}");
        String session = login(made.get("key").stringValue(), "/")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";", 2)[0];
        assertThat(withCookie("GET", JOBS, session, Map.of()).statusCode()).isEqualTo(200);

        service.send("DELETE", KEYS + "/" + made.get("id").stringValue(), service.adminKey(), null);

        assertThat(withCookie("GET", JOBS, session, Map.of()).statusCode()).isEqualTo(401);
    }

    @Test
    void badKeyDoesNotLogIn() {
        HttpResponse<String> login = login("ty_aaaaaaaa_" + "A".repeat(43), "/");

        assertThat(login.statusCode()).isEqualTo(401);
        assertThat(login.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(login.body()).contains("not good").doesNotContain("AAAAA");
    }

    @Test
    void loginLeadsToNoOtherSite() {
        String key = service.key("viewer", "erin");
        for (String next : List.of(
                "https://evil.example",
                "//evil.example",
                "/\\evil.example",
                "/%09/evil.example\t",
                "javascript:alert(1)")) {
            assertThat(login(key, next).headers().firstValue("Location").orElse(""))
                    .as(next)
                    .matches("/([^/\\\\].*)?")
                    .doesNotContain("evil.example\t");
        }
    }

    @Test
    void pageSendsThoseWhoAreNotKnownToTheLogin() {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(service.uri("/jobs?status=FAILED")).header("Accept", "text/html"));

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location").orElse(""))
                .isEqualTo("/login?next=%2Fjobs%3Fstatus%3DFAILED");
        HttpResponse<String> login = send(HttpRequest.newBuilder(service.uri("/login?next=%2Fjobs")));
        assertThat(login.statusCode()).isEqualTo(200);
        assertThat(login.body()).contains("API key").contains("value=\"/jobs\"");
    }

    private static HttpResponse<String> login(String key, String next) {
        return send(HttpRequest.newBuilder(service.uri("/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "key=" + key + "&next=" + java.net.URLEncoder.encode(next, StandardCharsets.UTF_8))));
    }

    private static HttpResponse<String> withCookie(
            String method, String path, String cookie, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.uri(path))
                .header("Cookie", cookie)
                .method(
                        method,
                        method.equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
        if (!method.equals("GET")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        return send(request);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return Service.shared().send(request);
    }
}
