package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a client sends makes no lines of the log. */
@ExtendWith(OutputCaptureExtension.class)
class LogLinesTest {

    private static final String FORGED = "12:00:00.000 INFO  i.t.training.JobRuns                 all is well";

    private static EchoServer server;

    @BeforeAll
    static void start() {
        server = EchoServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029", "\u001b[2K\u001b[1A", "\u000b", "\f", "\u202e"
            })
    void anEventIsOneLineAndTheLinesOfAStackTraceAreMarked(String planted, CapturedOutput output) throws IOException {
        server.get("/log?text=" + URLEncoder.encode("planted" + planted + FORGED, StandardCharsets.UTF_8), "127.0.0.1");
        String logged = output.getOut().substring(output.getOut().indexOf("said: planted"));
        // As a terminal, or a reader of the file, may break it.
        List<String> lines = Pattern.compile("\\R").splitAsStream(logged).toList();
        assertThat(lines.get(0)).endsWith(FORGED);
        assertThat(lines).hasSizeGreaterThan(10);
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.isEmpty() || line.startsWith("| "));
        assertThat(logged).doesNotContain("\u001b", "\r", "\u202e");
    }

    @Test
    void theRequestIsNamed(CapturedOutput output) throws IOException {
        server.get("/log?text=hello", "127.0.0.1", "X-Request-Id: quote-me");
        assertThat(output.getOut())
                .containsPattern("(?m)^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN .* \\[quote-me\\] said: hello$");
    }
}
