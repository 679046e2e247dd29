package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first key comes from the command line, beside a service that runs; no key is in its log, whatever is done with it. */
class KeysIT {

    @TempDir
    private Path data;

    @Test
    void firstKeyIsMadeByTheCommandAndLeavesNoTrace() throws Exception {
        int port = ServiceProcess.freePort();
        try (ServiceProcess service = ServiceProcess.start(
                        data,
                        port,
                        "--server.address=0.0.0.0",
                        "--trainyard.workers.local=0",
                        "--trainyard.security.authentication=required",
                        "--logging.level.org.springframework.security=debug")
                .awaitReady()) {
            String made = keys("create", "--name=first", "--role=admin", "--owner=ops");
            String key = made.lines()
                    .filter(line -> line.startsWith("ty_"))
                    .findFirst()
                    .orElseThrow();
            assertThat(get(port, "/api/v1/keys", key).statusCode()).isEqualTo(200);
            assertThat(keys("list")).contains("ty_" + key.substring(3, 11)).doesNotContain(key);

            List<String> answers = new ArrayList<>();
            String quoted = URLEncoder.encode(key, StandardCharsets.UTF_8);
            for (String path : List.of(
                    "/api/v1/jobs/" + quoted,
                    "/api/v1/models/" + quoted,
                    "/no/such/" + quoted,
                    "/api/v1/jobs?cursor=" + quoted,
                    "/api/v1/jobs?limit=" + quoted)) {
                get(port, path, key);
                get(port, path, null);
            }
            answers.add(get(port, "/api/v1/jobs", key + "x").body());
            answers.add(get(port, "/api/v1/audit?limit=500", key).body());
            String secret = key.substring(key.lastIndexOf('_') + 1);
            assertThat(answers).noneMatch(answer -> answer.contains(secret));

            assertThat(keys("revoke", key.substring(3, 11))).contains("revoked");
            org.awaitility.Awaitility.await()
                    .until(() -> get(port, "/api/v1/keys", key).statusCode() == 401);
            assertThat(service.output()).doesNotContain(secret);
        }
    }

    @Test
    void serviceThatOthersReachDoesNotStartWithoutAskingForKeys() throws Exception {
        try (ServiceProcess service =
                ServiceProcess.start(data, ServiceProcess.freePort(), "--server.address=0.0.0.0")) {
            assertThat(service.awaitEnd()).isNotZero();
            assertThat(service.output())
                    .contains("server.address")
                    .contains("trainyard.security.authentication=required");
        }
        assertThat(data.resolve("postgres")).doesNotExist();
    }

    private String keys(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("trainyard.jar"),
                "keys"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TRAINYARD_DATA_DIR", data.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static HttpResponse<String> get(int port, String path, @org.jspecify.annotations.Nullable String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
