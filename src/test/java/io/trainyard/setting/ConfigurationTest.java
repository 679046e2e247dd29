package io.trainyard.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is documented of the settings is so, and what is wrong with one is told by its name. */
class ConfigurationTest {

    private static final Path DOCUMENT = Path.of("docs/configuration.md");
    private static final Path EXAMPLE = Path.of("config/application.yaml.example");
    /** {@code | `trainyard.role` | `api` | … |} */
    private static final Pattern ROW =
            Pattern.compile("\\| `(trainyard\\.[a-z0-9.-]+)` \\| (.*?) \\| (.*?) \\| (.+) \\|");

    private static final Pattern EXAMPLE_LINE = Pattern.compile("(?m)^#([a-z][A-Za-z0-9.-]+: .*)$");
    private static final Map<String, String> TYPES = new TreeMap<>();
    private static final Map<String, String> DEFAULTS = new TreeMap<>();

    static {
        try {
            JsonNode metadata = JsonMapper.shared()
                    .readTree(new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream());
            for (JsonNode property : metadata.get("properties")) {
                String name = property.get("name").asString();
                TYPES.put(name, property.get("type").asString());
                if (property.has("defaultValue")) {
                    DEFAULTS.put(name, text(property.get("defaultValue")));
                }
            }
            EnumerablePropertySource<?> defaults = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
                    .load("defaults", new ClassPathResource("application.yaml"))
                    .get(0);
            for (String name : defaults.getPropertyNames()) {
                if (name.startsWith("trainyard.")) {
                    DEFAULTS.put(
                            name,
                            String.valueOf(defaults.getProperty(name)).replace("${trainyard.data-dir}", "./data"));
                }
            }
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** All settings records, as the program binds them, and no more. */
    @ConfigurationPropertiesScan("io.trainyard")
    static class Settings {}

    private static String text(JsonNode value) {
        return value.isArray() ? text(value.get(0)) : value.asString();
    }

    private static Map<String, List<String>> documented() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (Matcher row = ROW.matcher(Files.readString(DOCUMENT)); row.find(); ) {
            rows.put(row.group(1), List.of(row.group(2), row.group(3), row.group(4)));
        }
        return rows;
    }

    @Test
    void theTableHoldsEverySettingAndNoOther() throws IOException {
        assertThat(documented().keySet()).containsExactlyInAnyOrderElementsOf(TYPES.keySet());
    }

    /** A default that depends on the machine is described. */
    @Test
    void theTablesDefaultsAreThoseOfTheProgram() throws IOException {
        documented().forEach((name, cells) -> {
            if (DEFAULTS.containsKey(name)) {
                assertThat(cells.get(0)).as(name).isEqualTo("`" + DEFAULTS.get(name) + "`");
            } else {
                assertThat(cells.get(0)).as(name).isNotBlank().doesNotContain("`");
            }
        });
    }

    @Test
    void theTableSaysWhichProcessReadsASetting() throws IOException {
        assertThat(documented().values())
                .allSatisfy(cells -> assertThat(cells.get(1)).matches("API|worker|both|backup, restore"));
    }

    @Test
    void theExampleHoldsEverySettingAndEachOfItsLinesIsGood() throws IOException {
        List<String> lines = EXAMPLE_LINE
                .matcher(Files.readString(EXAMPLE))
                .results()
                .map(line -> line.group(1))
                .toList();
        EnumerablePropertySource<?> all = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
                .load(
                        "example",
                        new ByteArrayResource(
                                String.join("\n", lines).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .get(0);
        assertThat(Stream.of(all.getPropertyNames())
                        .filter(name -> name.startsWith("trainyard."))
                        .map(name -> name.replaceFirst("\\[\\d+]$", ""))
                        .map(name -> name.replaceFirst("(target-p99-of)\\..*", "$1"))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(TYPES.keySet().stream()
                        .filter(name -> !name.equals("trainyard.backup.dir"))
                        .toList());
        runner().withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(all))
                .run(context -> assertThat(context).hasNotFailed());
    }

    static Stream<String> badValues() {
        return TYPES.entrySet().stream()
                .flatMap(setting -> bad(setting.getValue()).map(value -> setting.getKey() + "=" + value));
    }

    private static Stream<String> bad(String type) {
        return switch (type.replaceAll(".*\\.", "")) {
            case "Integer", "Long" -> Stream.of("many", "-1");
            case "DataSize" -> Stream.of("4 elephants", "-1KB");
            case "Duration" -> Stream.of("soon", "-1s");
            case "Path" -> Stream.of("a\0b");
            // Any text will do, or a record's own test says which.
            case "String", "List<java.lang.String>", "String>", "Duration>" -> Stream.empty();
            default -> Stream.of("maybe");
        };
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void aBadValueStopsTheStartAndIsNamed(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner().withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new org.springframework.core.env.MapPropertySource(
                                "bad", Map.of(name, setting.substring(name.length() + 1)))))
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(ExceptionUtils.getThrowableList(context.getStartupFailure()))
                            .anySatisfy(each -> assertThat(each).hasMessageContaining(name));
                });
    }

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Settings.class)
                .withBean(LeastValues.class)
                .withPropertyValues(
                        "trainyard.role=api",
                        "trainyard.data-dir=./data",
                        "trainyard.artifacts.dir=./data/artifacts",
                        "trainyard.datasets.download-dir=./data/datasets",
                        "trainyard.uploads.dir=./data/uploads");
    }
}
