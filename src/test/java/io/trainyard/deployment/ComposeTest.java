package io.trainyard.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** docker-compose.yml names what there is; no Docker is asked. */
class ComposeTest {

    private static JsonNode compose;

    @BeforeAll
    static void read() throws IOException {
        compose = Yaml.one(Path.of("docker-compose.yml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void eachVariableOfOursIsASetting(String service) {
        assertThat(service(service).get("environment").propertyNames())
                .isNotEmpty()
                .allMatch(Variables::known);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void eachFileOfASecretThatWeReadIsNamedAsASetting(String service) {
        assertThat(service(service).get("secrets")).isNotEmpty().allSatisfy(secret -> assertThat(
                        Variables.setting(secret.get("target").stringValue()))
                .isTrue());
    }

    @Test
    void eachSecretAndVolumeThatIsUsedIsDeclaredAndEachThatIsDeclaredIsUsed() {
        assertThat(services()
                        .flatMap(service -> service.path("secrets").valueStream())
                        .map(secret -> secret.isString()
                                ? secret.stringValue()
                                : secret.get("source").stringValue())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(compose.get("secrets").propertyNames());
        assertThat(mounts().filter(source -> !source.startsWith(".")).distinct())
                .containsExactlyInAnyOrderElementsOf(compose.get("volumes").propertyNames());
    }

    @Test
    void eachSecretHasAFileThatGitIgnoresAndTheFirstLinesSayHowItIsMade() throws IOException {
        String text = Files.readString(Path.of("docker-compose.yml"));
        String commands = text.substring(0, text.indexOf("\nname:"));
        for (String role : List.of("postgres", "migration", "application")) {
            assertThat(commands).contains(role);
        }
        for (JsonNode secret : compose.get("secrets")) {
            Path file = Path.of(secret.get("file").stringValue());
            assertThat(file.getParent()).isEqualTo(Path.of("config/secrets"));
            assertThat(commands)
                    .matches(made -> made.contains("> " + file)
                            || (made.contains("config/secrets/$role-password.txt")
                                    && file.toString().matches(".*/(postgres|migration|application)-password\\.txt")));
        }
        assertThat(Files.readString(Path.of("config/secrets/.gitignore"))).contains("*");
    }

    @Test
    void eachFileOfTheProjectThatIsMountedIsThere() {
        assertThat(mounts().filter(source -> source.startsWith(".")))
                .isNotEmpty()
                .allMatch(source -> Files.exists(Path.of(source)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker", "prometheus", "grafana"})
    void whatCanBeReadOnlyIsAndHasNoCapabilities(String name) {
        JsonNode service = service(name);
        assertThat(service.get("read_only").booleanValue()).isTrue();
        assertThat(service.get("cap_drop")).hasToString("[\"ALL\"]");
        assertThat(service.get("security_opt")).hasToString("[\"no-new-privileges:true\"]");
    }

    @Test
    void noPortIsOpenToOtherMachines() {
        List<String> ports = services()
                .flatMap(service -> service.path("ports").valueStream())
                .map(JsonNode::stringValue)
                .toList();
        assertThat(ports).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void theHealthCheckAsksForAnOpenPath() {
        assertThat(service("api").at("/healthcheck/test/3").stringValue()).contains("GET /actuator/health/readiness ");
    }

    @Test
    void whatIsForNvidiaChangesServicesThatThereAre() throws IOException {
        JsonNode cuda = Yaml.one(Path.of("config/docker-compose.cuda.yml"));
        assertThat(Set.copyOf(compose.get("services").propertyNames()))
                .containsAll(cuda.get("services").propertyNames());
        assertThat(cuda.at("/services/worker/build/args/BACKEND").stringValue()).isEqualTo("cuda");
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("FROM ${CUDA} AS java-cuda", "ARG BACKEND=cpu");
    }

    private static JsonNode service(String name) {
        return compose.get("services").get(name);
    }

    private static Stream<JsonNode> services() {
        return compose.get("services").valueStream();
    }

    /** What stands before the first colon: the name of a volume, or a path. */
    private static Stream<String> mounts() {
        return services()
                .flatMap(service -> service.path("volumes").valueStream())
                .map(volume -> volume.stringValue().replaceFirst(":.*", ""));
    }
}
