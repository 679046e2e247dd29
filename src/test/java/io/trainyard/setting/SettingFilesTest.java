package io.trainyard.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables that name a file with a secret. */
class SettingFilesTest {

    @TempDir
    Path folder;

    @Test
    void aFilesContentIsTheSettingWithoutTheNewlineAtItsEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), " two\nlines \n\r\n");
        assertThat(SettingFiles.read(Map.of("SPRING_DATASOURCE_PASSWORD_FILE", file.toString())))
                .isEqualTo(Map.of("SPRING_DATASOURCE_PASSWORD", " two\nlines \n"));
    }

    @Test
    void variablesOfOthersAreLeftAlone() {
        assertThat(SettingFiles.read(
                        Map.of("POSTGRES_PASSWORD_FILE", "/nowhere", "SPRING_PID_FILE", "/run/trainyard.pid")))
                .isEmpty();
    }

    @Test
    void aVariableThatCannotBeFollowedIsNamedWithTheReason() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});
        Map<String, String> reasons = Map.of(
                folder.resolve("nothing").toString(), "there is no such file",
                binary.toString(), "it is not text in UTF-8",
                folder.toString(), "it is no readable file");
        reasons.forEach((file, reason) -> assertThatThrownBy(
                        () -> SettingFiles.read(Map.of("SERVER_SSL_KEYSTOREPASSWORD_FILE", file)))
                .isInstanceOf(SettingFileException.class)
                .hasMessageContainingAll("SERVER_SSL_KEYSTOREPASSWORD_FILE", file, reason));
    }

    @Test
    void aValueAndAFileForItAreOneTooMany() {
        assertThatThrownBy(() -> SettingFiles.read(
                        Map.of("SPRING_DATASOURCE_PASSWORD", "this", "SPRING_DATASOURCE_PASSWORD_FILE", "/or/that")))
                .hasMessage("Both SPRING_DATASOURCE_PASSWORD and SPRING_DATASOURCE_PASSWORD_FILE are set.");
    }
}
