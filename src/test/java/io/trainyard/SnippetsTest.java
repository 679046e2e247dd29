package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every program in {@code docs/clients.md} runs as it stands, against a service that asks for keys, and prints what it says there,
 * where … stands for anything.
 */
class SnippetsTest {

    private static final Path DOCUMENT = Path.of("docs/clients.md");
    private static final Pattern PROGRAM =
            Pattern.compile("```(bash|java|python|javascript)\n(.*?)```\n\n```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```(\\w+)$", Pattern.MULTILINE);

    private static String key = "";

    /**
     * A program of the document.
     *
     * @param line where it begins
     * @param section under which heading
     */
    private record Program(int line, String section, String language, String text, String output) {

        String file() {
            return switch (language) {
                case "bash" -> "snippet.sh";
                case "java" -> "Snippet.java";
                case "python" -> "snippet.py";
                default -> "snippet.mjs";
            };
        }

        List<String> command() {
            return switch (language) {
                case "bash" -> List.of("bash", "-euo", "pipefail", file());
                case "java" ->
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            file());
                case "python" -> List.of("python3", file());
                default -> List.of("node", file());
            };
        }

        /** Anything may follow a line's part that is there, and come between two lines. */
        Pattern expected() {
            return Pattern.compile(
                    output.lines()
                            .map(line -> Arrays.stream(line.split("…", -1))
                                    .map(Pattern::quote)
                                    .collect(Collectors.joining(".*")))
                            .collect(Collectors.joining(".*")),
                    Pattern.DOTALL);
        }

        @Override
        public String toString() {
            return "line " + line + ", " + language + ": " + section;
        }
    }

    static List<Program> programs() throws IOException {
        String document = Files.readString(DOCUMENT);
        List<Program> programs = new ArrayList<>();
        Matcher matcher = PROGRAM.matcher(document);
        while (matcher.find()) {
            String before = document.substring(0, matcher.start());
            String section = before.substring(before.lastIndexOf("\n## ") + 4);
            programs.add(new Program(
                    (int) before.lines().count() + 1,
                    section.substring(0, section.indexOf('\n')),
                    matcher.group(1),
                    matcher.group(2),
                    matcher.group(3)));
        }
        return programs;
    }

    @BeforeAll
    static void makeKeys() {
        key = SecuredService.shared().key("trainer", "clients");
    }

    /** Each has its output, and each language is there for each task. */
    @Test
    void everyProgramOfTheDocumentIsRun() throws IOException {
        long fences = FENCE.matcher(Files.readString(DOCUMENT)).results().count();

        assertThat(programs()).hasSize((int) fences / 2);
        assertThat(programs().stream().collect(Collectors.groupingBy(Program::section)))
                .hasSize(3)
                .allSatisfy(
                        (section, ofSection) -> assertThat(ofSection.stream().map(Program::language))
                                .contains("bash", "java", "python", "javascript"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programRunsAndPrintsWhatItSays(Program program, @TempDir Path folder) throws Exception {
        String runtime = program.command().get(0);
        if (!isThere(runtime)) {
            assertThat(System.getenv("CI")).as(runtime + " is missing").isNotEqualTo("true");
            assumeTrue(false, runtime + " is missing");
        }
        try (BusyAtFirst busy = BusyAtFirst.before(SecuredService.shared())) {
            URI address = program.section().equals("What goes wrong")
                    ? busy.uri()
                    : SecuredService.shared().uri("");

            assertThat(run(program, folder, address)).containsPattern(program.expected());
        }
    }

    /** Returns what it has printed. */
    private static String run(Program program, Path folder, URI address) throws Exception {
        String text = program.text().replace("http://localhost:8080", address.toString());
        assertThat(text).isNotEqualTo(program.text());
        Files.writeString(folder.resolve(program.file()), text);
        File output = folder.resolve("output").toFile();

        ProcessBuilder builder = new ProcessBuilder(program.command())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("TRAINYARD_KEY", key);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        String printed = Files.readString(output.toPath());
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static boolean isThere(String runtime) {
        return Stream.concat(
                        Stream.of(""),
                        Arrays.stream(
                                Objects.requireNonNull(System.getenv("PATH")).split(File.pathSeparator)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, runtime)));
    }
}
