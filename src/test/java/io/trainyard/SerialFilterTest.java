package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** In no kind of process is a Java object deserialised, whoever has started it, and however. */
class SerialFilterTest {

    private static final Service service = Service.shared();

    @TempDir
    Path folder;

    /** Else the others would state nothing. */
    @Test
    void aProcessThatIsNotOursDeserialises() throws Exception {
        assertThat(deserialisesAtTheEnd("io.trainyard.FilterProbe")).isTrue();
    }

    /** A command that fails at once; all others begin in the same way. */
    @Test
    void aProcessThatWasStartedWithoutTheFlagDeserialisesNothing() throws Exception {
        assertThat(deserialisesAtTheEnd("io.trainyard.TrainyardApplication", "read-model"))
                .isFalse();
    }

    @Test
    void aFlagIsNotInItsWay() throws Exception {
        assertThat(deserialisesAtTheEnd("-Djdk.serialFilter=!*", "io.trainyard.TrainyardApplication", "read-model"))
                .isFalse();
    }

    @Test
    void aLocalWorkerDeserialisesNothing() throws Exception {
        JsonNode workers = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> Service.json(service.get("/api/v1/workers")), answer -> !answer.get("items")
                        .isEmpty());
        assertThat(FilterProbe.deserialises(workers.at("/items/0/pid").longValue()))
                .isFalse();
    }

    /** So whatever needs it would fail here. */
    @Test
    void theseTestsDeserialiseNothing() {
        assertThat(ObjectInputFilter.Config.getSerialFilter()).hasToString("!*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "install"})
    void whatStartsTheServiceGivesTheFlag(String file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            assertThat(lines.filter(line -> line.contains("-jar") && !line.startsWith("#")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("-Djdk.serialFilter=!*"));
        }
    }

    private boolean deserialisesAtTheEnd(String... arguments) throws Exception {
        Path result = folder.resolve("result");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                FilterProbe.atTheEnd(result),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return FilterProbe.deserialised(result);
    }
}
