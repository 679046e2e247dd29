package io.trainyard.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units, and the command that runs others as they do, name what there is, and the same; no systemd is asked. */
class SystemdTest {

    private static final Path FOLDER = Path.of("config/systemd");
    private static final Pattern VARIABLE =
            Pattern.compile("(?:--setenv='?|(?m:^)Environment=)(\\w+)=(\\S+?)'?(?=\\s)");
    private static final Pattern CREDENTIAL =
            Pattern.compile("LoadCredential=([\\w.]+):(?:/etc/trainyard/secrets|\\$secrets)/([\\w-]+)");

    @ParameterizedTest
    @ValueSource(strings = {"trainyard", "trainyard.service", "trainyard-worker@.service", "postgres.conf"})
    void eachVariableAndEachCredentialIsASetting(String file) throws IOException {
        assertThat(variables(file).keySet()).isNotEmpty().allMatch(Variables::known);
        assertThat(credentials(file).keySet()).allMatch(Variables::setting);
    }

    @Test
    void commandsHaveWhatTheApiHas() throws IOException {
        assertThat(variables("trainyard"))
                .containsAllEntriesOf(variables("trainyard.service"))
                .containsKey("SPRING_CONFIG_IMPORT");
        assertThat(credentials("trainyard")).isNotEmpty().isEqualTo(credentials("postgres.conf"));
        assertThat(credentials("postgres.conf")).containsAllEntriesOf(credentials("trainyard-worker@.service"));
    }

    private static Map<String, String> variables(String file) throws IOException {
        return found(VARIABLE, file);
    }

    private static Map<String, String> credentials(String file) throws IOException {
        return found(CREDENTIAL, file);
    }

    private static Map<String, String> found(Pattern pattern, String file) throws IOException {
        return pattern.matcher(Files.readString(FOLDER.resolve(file)))
                .results()
                .collect(Collectors.toMap(pair -> pair.group(1), pair -> pair.group(2)));
    }
}
