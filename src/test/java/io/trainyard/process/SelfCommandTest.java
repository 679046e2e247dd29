package io.trainyard.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelfCommandTest {

    @Test
    void whereArchiveAndNativeCodeAreIsPassedOnAndNothingElse() {
        assertThat(SelfCommand.passedOn(List.of(
                        "-Xmx8g",
                        "-XX:SharedArchiveFile=/app/trainyard.jsa",
                        "-XX:AOTCache=/app/trainyard.aot",
                        "-Xlog:cds=off",
                        "-XX:+UseZGC",
                        "-Dorg.bytedeco.javacpp.platform.preloadpath=/app/natives",
                        "-Dtrainyard.data-dir=/data",
                        "-agentlib:jdwp=transport=dt_socket")))
                .containsExactly(
                        "-XX:SharedArchiveFile=/app/trainyard.jsa",
                        "-XX:AOTCache=/app/trainyard.aot",
                        "-Xlog:cds=off",
                        "-Dorg.bytedeco.javacpp.platform.preloadpath=/app/natives");
    }

    @Test
    void whatAProcessIsGivenComesAfterWhatItGetsFromUs() {
        List<String> command = SelfCommand.of(List.of("-Xmx1g"), List.of("read-model", "folder"));
        assertThat(command).contains("-Djdk.serialFilter=!*").endsWith("read-model", "folder");
        assertThat(command.indexOf("-Xmx1g"))
                .isGreaterThan(command.indexOf("-Djdk.serialFilter=!*"))
                .isLessThan(command.indexOf("-cp"));
    }
}
