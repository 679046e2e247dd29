package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Secrets get to where they are needed, and nowhere else; and the log as JSON. */
class SecretsIT {

    private static final String DATABASE_PASSWORD = "planted-7f3a91-of-the-database";
    private static final String KEYSTORE_PASSWORD = "planted-0c55de-of-the-keystore";

    @TempDir
    Path folder;

    @Test
    void secretsAreInNoAnswerNoLogAndNoCommandLineOfAWorker() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), DATABASE_PASSWORD + "\n");
        try (ExternalPostgres postgres = ExternalPostgres.start(folder.resolve("cluster"))) {
            postgres.requirePassword(DATABASE_PASSWORD);
            Map<String, String> variables = Map.of(
                    "SPRING_DATASOURCE_URL", postgres.url(),
                    "SPRING_DATASOURCE_USERNAME", "postgres",
                    "SPRING_DATASOURCE_PASSWORD_FILE", file.toString(),
                    "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs",
                    "LOGGING_LEVEL_ROOT", "info");
            try (ServiceProcess service = ServiceProcess.start(
                    folder.resolve("data"),
                    ServiceProcess.freePort(),
                    variables,
                    "--spring.ssl.bundle.jks.spare.keystore.password=" + KEYSTORE_PASSWORD)) {
                service.awaitReady().train(Service.irisJob("secret", 2));
                ProcessHandle worker = service.workers().get(0);
                assertThat(file(worker, "environ"))
                        .as("the worker has them")
                        .contains("SPRING_DATASOURCE_PASSWORD=" + DATABASE_PASSWORD, KEYSTORE_PASSWORD);
                assertThat(file(worker, "cmdline")).as("its command line").doesNotContain("planted");

                for (String path : List.of(
                        "/actuator",
                        "/actuator/health",
                        "/actuator/health/readiness",
                        "/actuator/info",
                        "/actuator/prometheus",
                        "/actuator/env",
                        "/actuator/configprops",
                        "/v3/api-docs",
                        "/api/v1/workers",
                        "/api/v1/jobs?limit=planted",
                        "/nothing")) {
                    assertThat(service.get(path).body().replace("'planted'", ""))
                            .as(path)
                            .doesNotContain("planted");
                }
                postgres.stop();
                HttpResponse<String> away = service.get("/api/v1/jobs");
                assertThat(away.statusCode()).isEqualTo(503);
                assertThat(away.body()).doesNotContain("planted", "jdbc:");
                assertThat(service.output()).doesNotContain("planted-");
                assertThat(service.output().lines().map(SecretsIT::event))
                        .as("each line is an event, some of them of requests")
                        .allMatch(event -> event.has("@timestamp"))
                        .anyMatch(event -> event.has("request_id")
                                && event.at("/error/stack_trace").isString());
            }
        }
    }

    @Test
    void aSecretThatCannotBeReadStopsTheStartAndIsNamed() throws Exception {
        Map<String, String> variables = Map.of("SPRING_DATASOURCE_PASSWORD_FILE", "/nowhere/password");
        try (ServiceProcess service =
                ServiceProcess.start(folder.resolve("data"), ServiceProcess.freePort(), variables)) {
            assertThat(service.awaitEnd()).isEqualTo(1);
            assertThat(service.output())
                    .contains(
                            "SPRING_DATASOURCE_PASSWORD_FILE names /nowhere/password, which cannot be read: there is no"
                                    + " such file.");
        }
    }

    private static JsonNode event(String line) {
        return Service.JSON.readTree(line);
    }

    private static String file(ProcessHandle process, String name) throws Exception {
        return Files.readString(Path.of("/proc", String.valueOf(process.pid()), name));
    }
}
