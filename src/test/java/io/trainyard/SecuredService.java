package io.trainyard;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * A second API process, as it were, over the database and files of {@link Service#shared()}, which wants to know who calls. Its
 * jobs are run by the other's worker.
 */
public final class SecuredService {

    private static @Nullable SecuredService shared;

    private final ConfigurableApplicationContext context;
    private final URI base;
    private final String adminKey;

    private SecuredService(ConfigurableApplicationContext context) {
        this.context = context;
        this.base = URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port"));
        // As the command line makes it.
        HttpResponse<String> made = Service.shared().post("/api/v1/keys", spec("first", "admin", "ops"));
        this.adminKey = Service.json(made).get("key").stringValue();
    }

    /** The one instance of this run. */
    public static synchronized SecuredService shared() {
        if (shared == null) {
            JdbcConnectionDetails database = Service.shared().bean(JdbcConnectionDetails.class);
            shared = new SecuredService(SpringApplication.run(
                    TrainyardApplication.class,
                    "--server.port=0",
                    "--trainyard.data-dir=" + Service.shared().setting("trainyard.data-dir"),
                    "--trainyard.workers.local=0",
                    "--spring.datasource.url=" + database.getJdbcUrl(),
                    "--spring.datasource.username=" + database.getUsername(),
                    "--spring.datasource.password=" + database.getPassword(),
                    "--spring.flyway.enabled=false",
                    "--spring.grpc.server.enabled=true",
                    "--spring.grpc.server.port=0",
                    "--trainyard.security.authentication=required",
                    "--trainyard.security.limits.failures-per-minute=1000000",
                    "--spring.security.oauth2.resourceserver.jwt.issuer-uri="
                            + Issuer.shared().uri(),
                    "--spring.security.oauth2.resourceserver.jwt.audiences=trainyard",
                    "--trainyard.quotas.queued-jobs=3"));
        }
        return shared;
    }

    private static String spec(String name, String role, String owner) {
        return "{\"name\": \"%s\", \"role\": \"%s\", \"owner\": \"%s\"}".formatted(name, role, owner);
    }

    public URI uri(String path) {
        return base.resolve(path);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** A setting, as it has come to be. */
    public String setting(String name) {
        return String.valueOf(context.getEnvironment().getProperty(name));
    }

    public String adminKey() {
        return adminKey;
    }

    /** Makes a key; returns it. */
    public String key(String role, String owner) {
        return make(spec(role + " of " + owner, role, owner)).get("key").stringValue();
    }

    /** Makes a key; returns the answer. */
    public JsonNode make(String spec) {
        HttpResponse<String> made = send("POST", "/api/v1/keys", adminKey, spec);
        if (made.statusCode() != 201) {
            throw new AssertionError(made.statusCode() + " " + made.body());
        }
        return Service.json(made);
    }

    public HttpResponse<String> get(String path, @Nullable String key) {
        return send("GET", path, key, null);
    }

    /** Sends JSON, or nothing, with a key, or none. */
    public HttpResponse<String> send(String method, String path, @Nullable String key, @Nullable String body) {
        HttpRequest.Builder request = request(path, key)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return Service.shared().send(request);
    }

    /** Sends a table to become a dataset version. */
    public HttpResponse<String> upload(String dataset, String key, String spec, String train) {
        return Service.shared()
                .send(request("/api/v1/datasets/" + dataset + "/versions", key)
                        .header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(
                                spec, Map.of("train", train.getBytes(StandardCharsets.UTF_8)), ".csv"))));
    }

    public HttpRequest.Builder request(String path, @Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }
}
